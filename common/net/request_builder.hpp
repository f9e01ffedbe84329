#pragma once

// The writing side of Request, for the parser and the router. Stateless.

#include "common/net/forwarded.hpp"
#include "common/net/request.hpp"

namespace fanion::net {

class RequestBuilder {
public:
    // Resets the request; vectors and strings keep their capacity.
    static void clear(Request& request) noexcept;

    static void add_header(Request& request, std::string_view name, std::string_view value) {
        request.headers_.push_back({name, value});
    }

    // Splits the target into path and query. False when it has none of the forms that a server
    // accepts (RFC 9112 section 3.2: origin, absolute, asterisk).
    static bool set_target(Request& request, std::string_view target) noexcept;

    // After the buffer behind the views moved from `from` to `to`.
    static void rebase(Request& request, const char* from, const char* to) noexcept;

    static void set_https(Request& request, bool is_https) noexcept { request.is_https_ = is_https; }
    // Overwrites `peer` and is_https(). The request must not be moved afterwards.
    static void set_forwarded(Request& request, const Forwarded& forwarded);

    static void clear_params(Request& request) noexcept { request.param_count_ = 0; }
    // False when an escape is malformed. `name` outlives the request.
    static bool add_param(Request& request, std::string_view name, std::string_view escaped_value);
};

}  // namespace fanion::net
