#pragma once

// The words of the rule language, for the parser and the printer; private to common/rule.

#include <array>
#include <string_view>

#include "common/model/operators.hpp"

namespace fanion::rule {

// Words that an attribute's name must be quoted for.
inline constexpr std::array<std::string_view, 12> reserved_words{"all",   "always", "and", "any", "attribute", "bucket",
                                                                 "false", "never",  "not", "or",  "segment",   "true"};

// Letters and digits of a name, `_`, `$`, `.` and `-`.
bool is_name_char(char c) noexcept;

// Of text with single spaces between words: a phrase, another spelling of one (`==`, `starts_with`), an operator's name. Null:
// none of these.
const model::Operator* find_operator(std::string_view text) noexcept;

// The name of an operator that a text may write in place of its phrase: all whose phrase is not the name itself.
bool is_operator_name(std::string_view word) noexcept;
bool is_reserved_word(std::string_view word) noexcept;

// Can stand as it is: [A-Za-z_$][A-Za-z0-9_$.-]* that is no reserved word, or `/` and any of [A-Za-z0-9_$.~/-].
bool is_bare_attribute(std::string_view reference) noexcept;

}  // namespace fanion::rule
