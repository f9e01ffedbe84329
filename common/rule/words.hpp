#pragma once

// The words of the rule language, for the parser and the printer; private to common/rule.

#include <string_view>

#include "common/model/flag.hpp"

namespace fanion::rule {

// What stands between an attribute and its values. `values` says what the phrase is followed by where the tree is one that can
// be compiled; any other tree is written with the operator's own name and a list.
struct Phrase {
    enum class Values {
        none,     // email exists
        list,     // country in ["DE", "AT"]
        any,      // plan is "pro"; name contains ["a", "b"]
        version,  // /app/version >= version "2.1"
        time,     // $now before time "2026-01-01T00:00:00Z"
    };
    model::Op op;
    std::string_view text;
    Values values;
};

// The phrase of each operator that has an attribute, as it is printed.
const Phrase& phrase_of(model::Op op) noexcept;
// From text with single spaces between words: phrases, their other spellings (`==`, `starts_with`), operators' names.
const Phrase* find_phrase(std::string_view text) noexcept;

// Can stand as it is: [A-Za-z_$][A-Za-z0-9_$.-]* that is no reserved word, or `/` and any of [A-Za-z0-9_$.~/-].
bool is_bare_attribute(std::string_view reference) noexcept;

}  // namespace fanion::rule
