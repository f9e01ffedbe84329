#pragma once

// The rules for passwords: at least 12 characters, at most 256 bytes of UTF-8, and not one of the
// most common passwords. Pure.

#include <string_view>

#include "common/base/error.hpp"

namespace fanion::cp::identity {

inline constexpr std::size_t password_min = 12;   // characters
inline constexpr std::size_t password_max = 256;  // bytes

// Error: invalid_input with one finding at /password (too_short, too_long, common_password,
// not_utf8).
Result<> check_password(std::string_view password);

}  // namespace fanion::cp::identity
