#pragma once

// What a provider says of itself (OpenID Connect Discovery 1.0), and what its token endpoint
// answers. Both are read from the network. Pure.

#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::cp::sign_on {

inline constexpr std::size_t url_bytes = 2048;
inline constexpr std::size_t metadata_bytes = 128u * 1024;
inline constexpr std::size_t token_answer_bytes = 256u * 1024;

// Whether a provider may be asked there: https, or http at an address of this machine (127.0.0.1,
// ::1, localhost), without query, user name and fragment.
bool is_issuer(std::string_view url);

struct ProviderMetadata {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    bool wants_secret_in_body = false;  // client_secret_post, and not client_secret_basic
    bool sends_issuer = false;          // with the code (RFC 9207)
};

// "https://login.example.com/.well-known/openid-configuration"
std::string metadata_url(std::string_view issuer);

// Errors: invalid_input, the document is not that of `issuer`, or its addresses are not https where
// that of the issuer is; too_large.
Result<ProviderMetadata> parse_metadata(std::string_view text, std::string_view issuer);

struct TokenAnswer {
    std::string id_token;
    std::string access_token;  // only its hash is compared
};
// Error: invalid_input.
Result<TokenAnswer> parse_token_answer(std::string_view text);
// "invalid_grant"; empty: the answer says none in the form of RFC 6749 section 5.2.
std::string error_of_answer(std::string_view text);

}  // namespace fanion::cp::sign_on
