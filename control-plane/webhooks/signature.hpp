#pragma once

// Signatures of messages as Standard Webhooks 1.0 defines them (https://www.standardwebhooks.com):
// HMAC-SHA256 over "id.timestamp.body", keyed with the bytes that the secret's base64 stands for.
// Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fanion::cp::webhooks {

inline constexpr std::string_view secret_prefix = "whsec_";

// "whsec_" and 32 random bytes in base64.
std::string make_secret();

struct SignedMessage {
    std::string_view id;
    std::int64_t timestamp = 0;  // seconds since 1970, of the attempt
    std::string_view body;
};

// "v1,<base64>" for each secret, separated by spaces. nullopt when a secret is not "whsec_" and
// base64 of at least one byte.
std::optional<std::string> signature_header(const SignedMessage& message, std::span<const std::string> secrets);

}  // namespace fanion::cp::webhooks
