#pragma once

// Authenticated encryption of small texts at rest, AES-256-GCM of OpenSSL. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace fanion {

// `key`: 32 bytes. Each call draws a nonce; the result is nonce (12 bytes), ciphertext, tag (16).
std::string seal(std::string_view key, std::string_view text);

// nullopt unless `sealed` is what seal() made with this key.
std::optional<std::string> open_sealed(std::string_view key, std::string_view sealed);

}  // namespace fanion
