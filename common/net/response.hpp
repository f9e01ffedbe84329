#pragma once

// One HTTP response. `body` keeps its capacity between requests of a connection when a sync handler
// fills it in place. Plain value; one thread at a time.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::net {

struct Response {
    unsigned status = 200;
    std::string_view content_type = "application/json";             // a literal
    std::vector<std::pair<std::string_view, std::string>> headers;  // names are literals
    std::string body;
    std::shared_ptr<const std::string> shared_body;  // instead of `body`: immutable bytes, written without a copy
    std::vector<std::shared_ptr<const std::string>> shared_rest;  // behind shared_body
    bool close = false;                                           // the connection is closed after this response

    void clear();  // keeps capacities
    // Of a body without shared_rest.
    std::string_view bytes() const noexcept { return shared_body ? std::string_view(*shared_body) : body; }
    std::size_t body_size() const noexcept;
    void set(std::string_view name, std::string value) { headers.emplace_back(name, std::move(value)); }
};

Response json_response(std::string body, unsigned status = 200);
Response empty_response(unsigned status);  // 204, 304

// The one mapping from Errc to HTTP status.
unsigned status_of(Errc code) noexcept;
// What clients are told of an internal error.
inline constexpr std::string_view internal_error_detail = "something went wrong on our side";

// RFC 9457 problem with `errors` from the findings. The details of internal and network errors are
// withheld.
Response problem(const Error& error, std::string_view request_id);
// For a status without an Errc of its own: 408, 414, 431, ..
Response problem(unsigned status, std::string_view detail, std::string_view request_id);

std::string_view reason_phrase(unsigned status) noexcept;  // "Not Found"; "Unknown" when unassigned

}  // namespace fanion::net
