#pragma once

// What an unquoted word of YAML is by the core schema of YAML 1.2: null, a boolean, a number or a
// text. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace fanion::flagfile {

// The word as JSON: `~` yields null, `0x1F` 31, `1.0` 1.0, `on` "on". Digits are kept as they are
// spelled, whatever their number. nullopt for what JSON cannot say: `.inf`, `.nan`, and hexadecimal
// and octal numbers of more than 64 bits.
std::optional<std::string> json_of_word(std::string_view word);

// Whether the text may stand without quotes and be a text to every reader, those of YAML 1.1
// included, for which `on` and `no` are booleans.
bool is_plain(std::string_view text);

}  // namespace fanion::flagfile
