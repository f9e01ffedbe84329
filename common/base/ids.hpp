#pragma once

// Identifiers and API keys. Thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion {

// `prefix` followed by `length` random base62 characters: random_id("e_", 10).
std::string random_id(std::string_view prefix, std::size_t length = 12);

// fan_<kind>_<id10><secret30><crc6>, base62; the CRC-32 (IEEE) of everything before it, in base62,
// most significant digit first, padded with '0' to six (admin-api.md, Credentials). Kinds: pat svc
// srv cli rly.
struct ApiKey {
    std::string text;  // the whole key: a secret, shown once
    std::string kind;
    std::string id;  // the ten characters after the kind; not secret
};

ApiKey make_api_key(std::string_view kind);
// Whether `text` begins as an API key does, "fan_" and a kind. For telling our credentials from
// those of others; the rest is not examined.
bool has_api_key_form(std::string_view text) noexcept;
// The kind of a text that has_api_key_form(): "srv".
inline std::string_view api_key_kind(std::string_view text) noexcept { return text.substr(4, 3); }
// Checks form and CRC without a look-up, which finds typos; whether the key exists is another
// question. nullopt when malformed.
std::optional<ApiKey> parse_api_key(std::string_view text);

}  // namespace fanion
