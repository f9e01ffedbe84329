#pragma once

// One HTTP request as a handler sees it. Views point into the connection's buffer and stay valid
// until the handler's response has been written. One thread.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/telemetry/trace_context.hpp"

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
    std::string_view target;     // as sent
    std::string_view path;       // target up to '?', not decoded
    std::string_view raw_query;  // after '?', not decoded; never logged
    std::string_view body;
    std::string_view peer;  // address of the client, without port: the other side's, or what a trusted proxy says
    bool has_known_caller = false;  // set by the handler that found its credential to be right
    telemetry::TraceContext trace;  // of the span that handles it, set by the handler; may be empty

    // First header of that name, case-insensitive; empty when missing.
    std::string_view header(std::string_view name) const noexcept;
    std::span<const Header> headers() const noexcept { return headers_; }

    // Under which host and by which scheme the client asks: what a trusted proxy says
    // (forwarded.hpp), else Host, which may be empty, and what the connection is. The host has not
    // been checked for its form.
    std::string_view host() const noexcept { return forwarded_host_.empty() ? header("Host") : forwarded_host_; }
    bool is_https() const noexcept { return is_https_; }

    // What {name} in the route's pattern matched, percent-decoded; empty when the pattern has no
    // such name.
    std::string_view param(std::string_view name) const noexcept;

    // The decoded value of the first query parameter of that name; empty if it has no '='. nullopt
    // if there is no such parameter or its value has a malformed escape. Parameters whose name has
    // a malformed escape are skipped.
    std::optional<std::string> query(std::string_view name) const;

    // All query parameters, decoded, in order. Error: invalid_input when an escape is malformed.
    Result<std::vector<std::pair<std::string, std::string>>> query_parameters() const;

    // The caller's X-Request-Id if it consists of 1 to 64 characters of [A-Za-z0-9._-]; otherwise
    // one generated on first use.
    std::string_view request_id();

    // The token of "Authorization: Bearer <token>", else X-API-Key, else empty. Of two, the one
    // that `is_ours` by its form, because a proxy or a service mesh may add a credential of its
    // own; Authorization's if both or neither are.
    std::string_view credential(bool (*is_ours)(std::string_view) noexcept) const noexcept;

private:
    friend class RequestBuilder;
    std::vector<Header> headers_;                                   // capacity kept between requests of a connection
    std::vector<std::pair<std::string_view, std::string>> params_;  // name in the pattern, decoded value
    std::size_t param_count_ = 0;  // entries of params_ in use; the others keep their strings' capacity
    std::string request_id_;
    std::string forwarded_peer_;  // behind `peer`, where a trusted proxy says it
    std::string_view forwarded_host_;
    bool is_https_ = false;
};

}  // namespace fanion::net
