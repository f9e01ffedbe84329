#pragma once

// The conditions of one flag or segment in prepared form: the leaves of its lists and condition
// trees in the order of evaluation, as a program of conditional jumps. Each leaf tests one thing
// and names two targets, one for "holds" and one for "does not hold": another leaf of the same
// item, or an exit. `all`, `any` and `not` have become targets and are gone. Operands are in tables
// by type. See compiled.hpp for the whole picture and docs/adr/0011 for the reasons.
//
// Immutable once built; thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/eval/compile/attribute.hpp"
#include "common/eval/operators/number.hpp"
#include "common/eval/operators/regex.hpp"
#include "common/eval/operators/semver.hpp"
#include "common/eval/operators/value_set.hpp"
#include "common/eval/rollout/bucketing.hpp"
#include "common/model/operators.hpp"

namespace fanion::eval {

// One test. A negative operator is the positive one with `negated` set.
struct Leaf {
    // clang-format off
    enum class Kind : std::uint8_t {
        exit,                       // not a test: where a program ends (LinkedLeaf only)
        constant,                   // holds unless negated
        bucket, segment,
        now,                        // the time of the evaluation, compared with a time
        // From `strings` on the value of `attribute` decides; the interpreter relies on the order.
        strings,                    // equality with at most StringSet::few strings, case-sensitive; most frequent
        suffixes,                   // ends_with, case-sensitive
        exists,
        equality,                   // with any other values
        contains, starts_with, ends_with, regex, number, version, time, network,
    };
    // clang-format on
    using Comparison = model::Comparison;

    // Targets from here on are exits, numbered from 0. A flag's: 0 "nothing matched", then one for
    // each of its targets, then one for each of its rules. A segment's: 0 "not a member", 1
    // "member".
    static constexpr std::uint32_t first_exit = std::uint32_t{1} << 31;

    Kind kind = Kind::constant;
    Comparison comparison = Comparison::equal;  // number, version, time
    bool negated = false;
    bool fold : 1 = false;       // contains, starts_with, ends_with: ASCII letters match in both cases
    bool is_list : 1 = false;    // strings, equality: from a target or a segment's list, which never matches an array
    bool is_first : 1 = true;    // segment: a condition on several segments has a leaf for each
    std::uint32_t on_false = 0;  // target: index of a leaf, or an exit
    std::uint32_t on_true = 0;
    std::uint32_t attribute = 0;  // index in Conditions::attributes
    std::uint32_t operand = 0;    // index in the kind's table; segment: in the item's segment references
    std::uint32_t count = 0;      // kinds whose table is Conditions::texts: entries there
};

// Holds where from <= slot < to.
struct BucketTest {
    std::uint32_t attribute;  // the unit
    Bucketing bucketing;
    std::uint32_t from;
    std::uint32_t to;
};

struct PreparedVersion {
    std::unique_ptr<const std::string> text;  // on the heap because `parsed` points into it
    SemVer parsed;
};

// Tables that most items do not need, kept apart so that small items stay small.
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
