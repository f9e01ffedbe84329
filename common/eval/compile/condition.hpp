#pragma once

// What decides a flag or a segment, in its prepared form: the leaves of its condition trees and its lists, in the order in which
// they are asked. Each knows where the way goes on when it holds and when it does not: at another leaf, or at an end. Operands are
// in tables by type. Immutable once built; thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/eval/compile/attribute.hpp"
#include "common/eval/operators/cidr.hpp"
#include "common/eval/operators/number.hpp"
#include "common/eval/operators/regex.hpp"
#include "common/eval/operators/semver.hpp"
#include "common/eval/operators/value_set.hpp"
#include "common/eval/rollout/bucketing.hpp"
#include "common/model/operators.hpp"

namespace fanion::eval {

// A negative operator is its positive one with `negated` set.
struct Leaf {
    // clang-format off
    enum class Kind : std::uint8_t {
        end,                        // no leaf, but where the way ends: LinkedLeaf
        constant, bucket, segment,  // no attribute of their own; constant: holds unless it is negated
        now,                        // a time, compared with the evaluation's
        strings,                    // equality with a few strings by their bytes: what most conditions and lists are;
                                    // from here on an attribute's value decides
        suffixes,                   // ends_with that does not fold
        exists,
        equality,                   // with any values
        contains, starts_with, ends_with, regex, number, version, time, network,
    };
    // clang-format on
    using Comparison = model::Comparison;

    // Ends follow on all leaves. A flag's: nothing held, then its targets, then its rules. A segment's: no member, member.
    static constexpr std::uint32_t ends = std::uint32_t{1} << 31;

    Kind kind = Kind::constant;
    Comparison comparison = Comparison::equal;  // number, version, time
    bool negated = false;
    bool fold : 1 = false;       // contains, starts_with, ends_with
    bool is_list : 1 = false;    // strings, equality: of a target or a segment, which no array is on
    bool is_first : 1 = true;    // segment: a condition on several is a leaf for each
    std::uint32_t on_false = 0;  // the next leaf, or an end
    std::uint32_t on_true = 0;
    std::uint32_t attribute = 0;
    std::uint32_t operand = 0;  // index in the kind's table; segment: in the item's segment references
    std::uint32_t count = 0;    // entries there, of those whose table is `texts`
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

// What fewer conditions need.
struct Operands {
    std::vector<ValueSet> sets;
    std::vector<std::vector<Regex>> regexes;
    std::vector<Number> numbers;  // number, and time in milliseconds
    std::vector<PreparedVersion> versions;
    std::vector<NetworkSet> networks;
    std::vector<BucketTest> buckets;
};

struct Conditions {
    std::vector<Leaf> leaves;
    std::vector<AttributeRef> attributes;  // each reference once
    std::vector<ListedText> texts;         // their bytes in `bytes`
    std::string bytes;
    std::unique_ptr<Operands> others;  // null where there are none

    Operands& make_others() {
        if (!others) others = std::make_unique<Operands>();
        return *others;
    }
};

}  // namespace fanion::eval
