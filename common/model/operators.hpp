#pragma once

// The operators of conditions: the one table that the JSON names, the compiler, the static checks,
// the rule language and the tests read (docs/ruleset.md, Operators). An operator of an existing
// family is one row here, one enumerator in the same place of `Op`, and one file of vectors in
// tests/fixtures/eval. Constant; pure.

#include <array>
#include <cstdint>
#include <string_view>

#include "common/model/flag.hpp"

namespace fanion::model {

// Operators of one family take the same kinds of values and test an attribute in the same way.
enum class OpFamily : std::uint8_t {
    equality,
    contains,
    starts_with,
    ends_with,
    regex,
    number,
    version,
    time,
    network,
    exists,
    segment,
};

// For ordered families: the results of comparing the attribute with the value for which the
// operator holds, a bit for each of less (1), equal (2) and greater (4).
enum class Comparison : std::uint8_t { less = 1, equal = 2, less_equal = 3, greater = 4, greater_equal = 6 };

// What follows the phrase in the rule language.
enum class PhraseValues : std::uint8_t {
    none,     // email exists
    list,     // country in ["DE", "AT"]
    any,      // plan is "pro"; name contains ["a", "b"]
    version,  // /app/version >= version "2.1"
    time,     // $now before time "2026-01-01T00:00:00Z"
};

struct Operator {
    Op op;
    std::string_view name;  // in JSON
    OpFamily family;
    bool is_negative;         // holds where the positive operator of the family does not
    Comparison comparison;    // ordered families; elsewhere `equal`
    std::string_view phrase;  // in the rule language; empty: has its own syntax
    PhraseValues values;
};

// clang-format off
inline constexpr std::array operators{
    Operator{Op::is,                "is",                OpFamily::equality,    false, Comparison::equal,         "is",              PhraseValues::any},
    Operator{Op::is_not,            "is_not",            OpFamily::equality,    true,  Comparison::equal,         "is not",          PhraseValues::any},
    Operator{Op::one_of,            "one_of",            OpFamily::equality,    false, Comparison::equal,         "in",              PhraseValues::list},
    Operator{Op::not_one_of,        "not_one_of",        OpFamily::equality,    true,  Comparison::equal,         "not in",          PhraseValues::list},
    Operator{Op::contains,          "contains",          OpFamily::contains,    false, Comparison::equal,         "contains",        PhraseValues::any},
    Operator{Op::not_contains,      "not_contains",      OpFamily::contains,    true,  Comparison::equal,         "not contains",    PhraseValues::any},
    Operator{Op::starts_with,       "starts_with",       OpFamily::starts_with, false, Comparison::equal,         "starts with",     PhraseValues::any},
    Operator{Op::not_starts_with,   "not_starts_with",   OpFamily::starts_with, true,  Comparison::equal,         "not starts with", PhraseValues::any},
    Operator{Op::ends_with,         "ends_with",         OpFamily::ends_with,   false, Comparison::equal,         "ends with",       PhraseValues::any},
    Operator{Op::not_ends_with,     "not_ends_with",     OpFamily::ends_with,   true,  Comparison::equal,         "not ends with",   PhraseValues::any},
    Operator{Op::matches_regex,     "matches_regex",     OpFamily::regex,       false, Comparison::equal,         "matches",         PhraseValues::any},
    Operator{Op::not_matches_regex, "not_matches_regex", OpFamily::regex,       true,  Comparison::equal,         "not matches",     PhraseValues::any},
    Operator{Op::gt,                "gt",                OpFamily::number,      false, Comparison::greater,       ">",               PhraseValues::any},
    Operator{Op::gte,               "gte",               OpFamily::number,      false, Comparison::greater_equal, ">=",              PhraseValues::any},
    Operator{Op::lt,                "lt",                OpFamily::number,      false, Comparison::less,          "<",               PhraseValues::any},
    Operator{Op::lte,               "lte",               OpFamily::number,      false, Comparison::less_equal,    "<=",              PhraseValues::any},
    Operator{Op::version_eq,        "version_eq",        OpFamily::version,     false, Comparison::equal,         "==",              PhraseValues::version},
    Operator{Op::version_gt,        "version_gt",        OpFamily::version,     false, Comparison::greater,       ">",               PhraseValues::version},
    Operator{Op::version_gte,       "version_gte",       OpFamily::version,     false, Comparison::greater_equal, ">=",              PhraseValues::version},
    Operator{Op::version_lt,        "version_lt",        OpFamily::version,     false, Comparison::less,          "<",               PhraseValues::version},
    Operator{Op::version_lte,       "version_lte",       OpFamily::version,     false, Comparison::less_equal,    "<=",              PhraseValues::version},
    Operator{Op::before,            "before",            OpFamily::time,        false, Comparison::less,          "before",          PhraseValues::time},
    Operator{Op::after,             "after",             OpFamily::time,        false, Comparison::greater,       "after",           PhraseValues::time},
    Operator{Op::in_cidr,           "in_cidr",           OpFamily::network,     false, Comparison::equal,         "in network",      PhraseValues::any},
    Operator{Op::not_in_cidr,       "not_in_cidr",       OpFamily::network,     true,  Comparison::equal,         "not in network",  PhraseValues::any},
    Operator{Op::exists,            "exists",            OpFamily::exists,      false, Comparison::equal,         "exists",          PhraseValues::none},
    Operator{Op::not_exists,        "not_exists",        OpFamily::exists,      true,  Comparison::equal,         "not exists",      PhraseValues::none},
    Operator{Op::in_segment,        "in_segment",        OpFamily::segment,     false, Comparison::equal,         "",                PhraseValues::none},
    Operator{Op::not_in_segment,    "not_in_segment",    OpFamily::segment,     true,  Comparison::equal,         "",                PhraseValues::none},
};
// clang-format on

constexpr bool is_in_order() noexcept {
    for (std::size_t i = 0; i < operators.size(); ++i) {
        if (operators[i].op != static_cast<Op>(i)) return false;
    }
    return true;
}
static_assert(is_in_order(), "the rows of `operators` stand in the order of `Op`");
static_assert(operators.size() == static_cast<std::size_t>(Op::not_in_segment) + 1,
              "every enumerator of `Op` has a row");

constexpr const Operator& operator_of(Op op) noexcept { return operators[static_cast<std::size_t>(op)]; }

}  // namespace fanion::model
