#pragma once

// Idempotency-Key: a POST that creates something and is sent again with the same key, by the same
// caller within 24 hours, gets the first response instead of making a second one.
//
// What is stored: hashes of the key and of the request, and the response, which may have a secret
// that is shown only once. The response is therefore sealed with a key made from the
// Idempotency-Key itself, which is not stored: who reads the database cannot open it, only who
// repeats the request. That is why a key has at least 16 characters. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/base/error.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::http {

inline constexpr UnixMillis idempotency_ms = 24 * 60 * 60 * 1000;
inline constexpr std::size_t min_idempotency_key = 16;
inline constexpr std::size_t max_idempotency_key = 255;

// Error: invalid_input unless the key is 16 to 255 visible ASCII characters.
Result<> check_idempotency_key(std::string_view key);

struct IdempotentRequest {
    Sha256 key_sha256{};
    Sha256 request_sha256{};  // of method, path, query and body
    std::string sealing_key;  // 32 bytes
};
// `caller`: an id that no other caller of any organisation has.
IdempotentRequest idempotent_request(std::string_view key, std::string_view caller, std::string_view target,
                                     std::string_view body);

// A response as it is stored, and back; nullopt for what is no such text.
std::string seal_response(const net::Response& response, const IdempotentRequest& request);
std::optional<net::Response> open_response(std::string_view sealed, const IdempotentRequest& request);

// The key was used with another request.
Error reused_key_error();

}  // namespace fanion::cp::http
