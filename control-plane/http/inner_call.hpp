#pragma once

// A request to a route of the admin API from within this process, on behalf of somebody: one
// handler does what another one offers, with its permission, its checks and its audit entry. One
// thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/response.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/enclosure.hpp"

namespace fanion::cp::http {

// On whose behalf, and what the audit log says of where it came from.
struct InnerCaller {
    Services& services;
    Principal principal;
    access::Membership org;
    std::string peer;
    std::string request_id;
    telemetry::TracePlace place = {};
};
// The one whose request is being handled.
InnerCaller caller_of(const Call& call);

struct InnerRequest {
    net::Method method = net::Method::get;
    std::string resource;  // below the caller's organisation, as audit entries write it
    std::string body = {};
    std::string if_match = {};
    std::string comment = {};
    std::string confirm = {};  // of a deletion that wants it: the key
    std::string media_type = "application/json";
    bool is_dry_run = false;  // nothing is committed; the response is that of the change itself
    bool is_preview = false;  // ?dry_run=true, of a route that has it
};

// The route that would answer; null if there is none.
const Route* find_route(const InnerCaller& caller, net::Method method, std::string_view resource);

// `enclosure`: the change is a part of another one; null: it is its own, and committed. Errors:
// not_found where there is no such route; forbidden; those of the handler.
boost::asio::awaitable<Result<net::Response>> call_route(InnerCaller caller, InnerRequest inner,
                                                         Enclosure* enclosure = nullptr);

}  // namespace fanion::cp::http
