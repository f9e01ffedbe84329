#pragma once

// Condition trees in their prepared form: nodes in pre-order in one array, each knowing where its subtree ends, and their
// operands in tables by type. Immutable once built; thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/eval/attribute.hpp"
#include "common/eval/bucketing.hpp"
#include "common/eval/cidr.hpp"
#include "common/eval/number.hpp"
#include "common/eval/regex.hpp"
#include "common/eval/semver.hpp"
#include "common/eval/value_set.hpp"

namespace fanion::eval {

// A negative operator is its positive one with `negated` set.
struct ConditionNode {
    // clang-format off
    enum class Kind : std::uint8_t {
        all, any, negation, bucket, segment,  // no attribute of their own
        now,                                  // a time, compared with the evaluation's
        exists, equality, contains, starts_with, ends_with, regex, number, version, time, network,
    };
    // clang-format on
    enum class Comparison : std::uint8_t { equal, greater, greater_equal, less, less_equal };

    Kind kind = Kind::all;
    Comparison comparison = Comparison::equal;  // number, version, time
    bool negated = false;
    bool fold = false;            // contains, starts_with, ends_with
    std::uint32_t end = 0;        // index behind the subtree
    std::uint32_t attribute = 0;  // segment: how many references
    std::uint32_t operand = 0;    // index in the kind's table; segment: first of the item's segment references
};

struct BucketTest {
    std::uint32_t attribute;
    Bucketing bucketing;
    std::uint32_t from;
    std::uint32_t to;
};

struct PreparedVersion {
    std::unique_ptr<const std::string> text;  // on the heap because `parsed` points into it
    SemVer parsed;
};

struct Conditions {
    std::vector<ConditionNode> nodes;
    std::vector<AttributeRef> attributes;  // each reference once
    std::vector<ValueSet> sets;
    std::vector<std::vector<std::string>> texts;
    std::vector<std::vector<Regex>> regexes;
    std::vector<Number> numbers;  // number, and time in milliseconds
    std::vector<PreparedVersion> versions;
    std::vector<NetworkSet> networks;
    std::vector<BucketTest> buckets;
};

}  // namespace fanion::eval
