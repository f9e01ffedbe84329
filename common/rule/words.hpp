#pragma once

// The words of the rule language, for the parser and the printer. Private to common/rule.

#include <array>
#include <string_view>

#include "common/model/operators.hpp"

namespace fanion::rule {

// Words that must be quoted when they are the name of an attribute.
inline constexpr std::array<std::string_view, 12> reserved_words{"all",   "always", "and", "any", "attribute", "bucket",
                                                                 "false", "never",  "not", "or",  "segment",   "true"};

// Whether `c` may occur in a name: letters, digits, `_`, `$`, `.` and `-`.
bool is_name_char(char c) noexcept;

// Finds an operator by its phrase, by another spelling of the phrase (`==`, `starts_with`) or by
// its name. Words in `text` are separated by single spaces. Returns null if there is none.
const model::Operator* find_operator(std::string_view text) noexcept;

// Whether `word` is the name of an operator whose phrase differs from its name, so that the name
// may replace the phrase.
bool is_operator_name(std::string_view word) noexcept;
bool is_reserved_word(std::string_view word) noexcept;

// Whether an attribute reference needs no quotes: [A-Za-z_$][A-Za-z0-9_$.-]* that is not a reserved
// word, or `/` followed by any number of [A-Za-z0-9_$.~/-].
bool is_bare_attribute(std::string_view reference) noexcept;

}  // namespace fanion::rule
