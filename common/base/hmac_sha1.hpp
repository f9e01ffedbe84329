#pragma once

// HMAC with SHA-1, for one-time codes of authenticator programs, most of which know no other hash.
// For anything else: common/base/crypto.hpp. Pure, thread-safe.

#include <string>
#include <string_view>

namespace fanion {

std::string hmac_sha1(std::string_view key, std::string_view bytes);  // 20 raw bytes

}  // namespace fanion
