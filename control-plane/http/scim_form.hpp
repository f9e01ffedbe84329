#pragma once

// The routes of SCIM are in the form of its own RFC 7644 (section 3.1, 3.12): bodies are
// application/scim+json, and so are errors.

#include <string_view>

#include "common/base/error.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "control-plane/http/route.hpp"

namespace fanion::cp::http {

inline constexpr std::string_view scim_prefix = "/scim/";
constexpr bool is_scim(const Route& route) noexcept { return route.pattern.starts_with(scim_prefix); }

inline constexpr const char* scim_media_type = "application/scim+json";

// What problem() says, in that form. `scimType` is the code of the first finding that has one of
// its codes.
net::Response scim_problem(const Error& error, net::Request& request);

// A net::RefusalWriter: below /scim/ in that form too, elsewhere a problem.
void write_unrouted(net::Request& request, net::Response& response, unsigned status, std::string_view detail,
                    std::string_view place);

}  // namespace fanion::cp::http
