#pragma once

// What a password must be: at least 12 characters and at most 256 bytes of UTF-8, and none of the passwords everybody
// tries first. Pure.

#include <string_view>

#include "common/base/error.hpp"

namespace fanion::cp::identity {

inline constexpr std::size_t password_min = 12;
inline constexpr std::size_t password_max = 256;

// Error: invalid_input with one finding at /password (too_short, too_long, common_password, not_utf8).
Result<> check_password(std::string_view password);

}  // namespace fanion::cp::identity
