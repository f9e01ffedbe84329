#pragma once

// Tokens as the API shows them. Pure.

#include <string>

#include "common/json/writer.hpp"
#include "control-plane/tokens/token.hpp"

namespace fanion::cp::tokens {

// "fan_pat_Kb2KQiSbXI": how the token begins, which is not secret.
std::string prefix_of(const Token& token);
std::string prefix_of(const ServiceToken& token);

void write_token(json::Writer& w, const Token& token);
void write_token(json::Writer& w, const ServiceToken& token);

// `secret`: the whole token, on the one occasion it is shown; else empty.
std::string token_text(const Token& token, std::string_view secret = "");
std::string token_text(const ServiceToken& token, std::string_view secret = "");

}  // namespace fanion::cp::tokens
