#pragma once

// The headers that confine what a page of the control plane may do in a browser. Pure.

#include <span>
#include <string>
#include <string_view>

#include "common/net/request.hpp"
#include "common/net/response.hpp"

namespace fanion::cp::web {

// The Content-Security-Policy of the dashboard: scripts, styles, workers and connections of the own
// origin only; of inserted styles those whose hashes (SHA-256 in base64) are given; scripts make
// neither HTML nor script addresses of texts, but by the policies `fanion` and `default` of Trusted
// Types.
std::string dashboard_policy(std::span<const std::string> style_hashes);
// That of a page without scripts, whose one style sheet is inside it and has that hash.
std::string document_policy(std::string_view style_hash);

// Adds the policy and what goes with it: no other origin may open, embed or read the page, no
// address of it is told to anybody, and it has none of the browser's permissions. Over TLS,
// browsers use nothing else for this host from now on. X-Content-Type-Options is on every response
// (net/response_format.hpp).
void add_security_headers(const net::Request& request, net::Response& response, const std::string& policy);

}  // namespace fanion::cp::web
