#pragma once

// Sub-strings, prefixes and suffixes. Where `fold` is set, ASCII letters match in both cases, and
// `needle` must be folded already. Linear time, no allocation. Pure.

#include <string_view>

#include "common/eval/operators/fold.hpp"
#include "common/json/equal_bytes.hpp"

namespace fanion::eval {

bool text_contains(std::string_view text, std::string_view needle, bool fold) noexcept;

// `text` and `needle` have the same length.
inline bool text_equals(std::string_view text, std::string_view needle, bool fold) noexcept {
    return fold ? equals_folded(text.data(), needle.data(), needle.size()) : json::equal_text(text, needle);
}
inline bool text_starts_with(std::string_view text, std::string_view needle, bool fold) noexcept {
    return needle.size() <= text.size() && text_equals(text.substr(0, needle.size()), needle, fold);
}
inline bool text_ends_with(std::string_view text, std::string_view needle, bool fold) noexcept {
    return needle.size() <= text.size() && text_equals(text.substr(text.size() - needle.size()), needle, fold);
}

}  // namespace fanion::eval
