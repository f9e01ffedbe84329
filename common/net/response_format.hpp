#pragma once

// The status line and headers of a response as bytes. Pure.

#include <string>
#include <string_view>

#include "common/net/response.hpp"

namespace fanion::net {

struct HeadOptions {
    std::string_view date = {};  // RFC 9110 IMF-fixdate, or empty: no Date
    bool keep_alive = true;
    bool http10 = false;     // the request's version: keep-alive must then be explicit
    bool has_length = true;  // false: the body ends with the connection (event streams)
};

// Appends status line, headers and the empty line. In addition to the response's own: Date,
// Content-Type, Content-Length (not for 1xx, 204 and 304), X-Content-Type-Options: nosniff,
// Cache-Control: no-store unless given, Connection where it is not the default.
void append_head(std::string& out, const Response& response, const HeadOptions& options);

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string format_http_date(std::int64_t unix_seconds);

}  // namespace fanion::net
