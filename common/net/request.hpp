#pragma once

// One HTTP request as a handler sees it. Views point into the connection's buffer and hold until the handler's answer was
// written. Knows no flags. One thread.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::net {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };
std::string_view name_of(Method method) noexcept;  // "GET", ..

struct Header {
    std::string_view name;
    std::string_view value;
};

class Request {
public:
    Method method = Method::get;
    std::string_view target;  // as sent
    std::string_view path;    // target up to '?', not decoded
    std::string_view query;   // after '?', not decoded; never logged
    std::string_view body;
    std::string_view peer;  // address of the other side, without port

    // First header of that name, case-insensitive; empty when missing.
    std::string_view header(std::string_view name) const noexcept;
    std::span<const Header> headers() const noexcept { return headers_; }

    // What {name} in the route's pattern matched, percent-decoded.
    std::string_view param(std::string_view name) const noexcept;

    // Query parameters, decoded, in order. Error: invalid_input when an escape is malformed.
    Result<std::vector<std::pair<std::string, std::string>>> query_parameters() const;

    // X-Request-Id as given by the caller when it is 1 to 64 of [A-Za-z0-9._-], else a fresh one. Made on first use.
    std::string_view request_id();

    // "Bearer <x>" of Authorization, else X-API-Key, else empty.
    std::string_view credential() const noexcept;

private:
    friend class RequestBuilder;
    std::vector<Header> headers_;                                   // capacity kept between requests of a connection
    std::vector<std::pair<std::string_view, std::string>> params_;  // name in the pattern, decoded value
    std::size_t param_count_ = 0;  // of params_ in use: the strings behind it keep their capacity
    std::string request_id_;
};

}  // namespace fanion::net
