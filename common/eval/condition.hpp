#pragma once

// Condition trees in their prepared form: nodes in pre-order in one array, each knowing where its subtree ends, and their
// operands in tables by type. Immutable once built; thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/eval/attribute.hpp"
#include "common/eval/bucketing.hpp"
#include "common/eval/cidr.hpp"
#include "common/eval/number.hpp"
#include "common/eval/regex.hpp"
#include "common/eval/ruleset.hpp"
#include "common/eval/semver.hpp"
#include "common/eval/value_set.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// A negative operator is its positive one with `negated` set.
struct ConditionNode {
    // clang-format off
    enum class Kind : std::uint8_t {
        all, any, negation, bucket, segment,  // no attribute of their own
        exists, equality, contains, starts_with, ends_with, regex, number, version, time, network,
    };
    // clang-format on
    enum class Comparison : std::uint8_t { equal, greater, greater_equal, less, less_equal };

    Kind kind = Kind::all;
    Comparison comparison = Comparison::equal;  // number, version, time
    bool negated = false;
    bool fold = false;      // contains, starts_with, ends_with
    std::uint32_t end = 0;  // index behind the subtree
    std::uint32_t attribute = 0;
    std::uint32_t operand = 0;  // index in the kind's table; segment: first of the item's segment references
    std::uint32_t count = 0;    // segment: how many references
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

// Answers that one evaluation has already found, by index; a collision forgets the older. References may fan out, and
// without this a ruleset could make one evaluation as long as it likes. On the stack; costs nothing until it is used.
class Memo {
public:
    Memo() noexcept {}  // written out so that the arrays stay uninitialised

    bool find(std::uint32_t index, std::uint32_t& answer) const noexcept {
        const auto at = index % size;
        if ((used_ >> at & 1) == 0 || indexes_[at] != index) return false;
        answer = answers_[at];
        return true;
    }
    void put(std::uint32_t index, std::uint32_t answer) noexcept {
        const auto at = index % size;
        used_ |= std::uint64_t{1} << at;
        indexes_[at] = index;
        answers_[at] = answer;
    }

private:
    static constexpr std::uint32_t size = 64;
    std::uint64_t used_ = 0;
    std::uint32_t indexes_[size];
    std::uint32_t answers_[size];
};

// One evaluation. One thread.
struct Run {
    Run(const Ruleset::Impl& r, json::Value c, UnixMillis n) noexcept : ruleset(r), context(c), now(n) {}

    const Ruleset::Impl& ruleset;
    json::Value context;
    UnixMillis now;
    Memo segments;
    Memo flags;
};

// Whose condition it is: its tables, and its segment references as indexes of the ruleset.
struct Scope {
    const Conditions& conditions;
    const std::uint32_t* segments;
};

bool holds(Run& run, const Scope& scope, std::uint32_t node) noexcept;

}  // namespace fanion::eval
