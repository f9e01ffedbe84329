#pragma once

// A route of the admin API: method, pattern, permission, handler. Every route names a permission.
// Each folder has a table of its own; control-plane/app/admin_routes joins them.

#include <boost/asio/awaitable.hpp>
#include <string_view>

#include "common/base/error.hpp"
#include "common/net/router.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/http/services.hpp"

namespace fanion::net {
class SseStream;
}

namespace fanion::cp::http {

struct Call;
// An error becomes a problem document in http/dispatch, and nowhere else.
using Answer = boost::asio::awaitable<Result<net::Response>>;
using Handler = Answer (*)(Call&);
// Of a route whose response is longer than memory, or never ends. It responds by a problem, or
// calls SseStream::start() and returns when the stream has ended; what it then returns is ignored.
using StreamHandler = Answer (*)(Call&, net::SseStream&);

// The forms of body that a PATCH takes: merge patch, or all of body::PatchForm.
enum class PatchForms { merge, all };

// With which credentials a route may be called.
enum class Caller {
    any,      // a session, a personal token or a service account's
    person,   // not a service account
    session,  // a person who has signed in: neither kind of token
};

// Whether a route outside of organisations is about the caller's account. A session that an
// organisation's identity provider has started has none: it may call only what needs none.
enum class Account { needed, not_needed };

struct Route {
    net::Method method;
    std::string_view pattern;
    access::Permission permission;  // the least; a protected environment needs more (access::permission_to_edit)
    Handler handler;
    // Names of its query parameters, separated by spaces; with * what may be repeated; "...": what
    // is not among them is ignored.
    std::string_view query = "";
    PatchForms patches = PatchForms::merge;
    Caller caller = Caller::any;
    StreamHandler stream = nullptr;  // in the place of `handler`
    Account account = Account::needed;
    // A GET whose response depends on nothing but the path, the query, the caller's permissions and
    // what the audit log records: an entity tag is compared without reading the resource.
    bool is_recorded = false;
};

constexpr Route recorded(Route route) {
    route.is_recorded = true;
    return route;
}

// Changes of what belongs to an organisation take the query parameter `comment`, which their audit
// entries have.
constexpr bool takes_comment(const Route& route) noexcept {
    return route.method != net::Method::get && route.permission >= access::Permission::edit;
}

}  // namespace fanion::cp::http
