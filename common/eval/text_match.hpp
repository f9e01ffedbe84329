#pragma once

// Sub-strings, prefixes and suffixes; `needle` is folded already where `fold` is set. Linear time, no allocation. Pure.

#include <string_view>

namespace fanion::eval {

bool text_contains(std::string_view text, std::string_view needle, bool fold) noexcept;
bool text_starts_with(std::string_view text, std::string_view needle, bool fold) noexcept;
bool text_ends_with(std::string_view text, std::string_view needle, bool fold) noexcept;

}  // namespace fanion::eval
