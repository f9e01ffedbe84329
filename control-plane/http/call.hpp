#pragma once

// One request to the admin API: the caller, the organisation, and the helpers that every handler
// uses. One thread; lives as long as its request.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/document.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "control-plane/access/actor.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/membership.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/http/route.hpp"
#include "control-plane/http/services.hpp"

namespace fanion::cp::http {

struct Principal {
    access::ActorKind kind = access::ActorKind::user;  // user or key
    access::UserId user_id;
    std::string email;
    std::string name;
    access::SessionId session_id;
    access::KeyId key_id;  // of an application's or a relay's key, which has no permission here
    access::Permissions limit = access::Permissions::all();  // what the credential is good for at most

    // Who acts and with what, as the audit log records it; not secret.
    const std::string& actor_id() const noexcept { return is_key() ? key_id.str() : user_id.str(); }
    const std::string& credential_id() const noexcept { return is_key() ? key_id.str() : session_id.str(); }
    bool is_key() const noexcept { return kind == access::ActorKind::key; }
};

struct Call {
    net::Request& request;
    Services& services;
    const Route& route;
    Principal principal;                   // empty on open routes
    access::Membership org;                // of routes below /orgs/{org}
    access::Permissions permissions = {};  // of the caller where the path points; none beyond the principal's limit

    std::string param(std::string_view name) const { return std::string(request.param(name)); }
    UnixMillis now() const { return services.clock.now(); }
    db::Scope scope() const { return db::Scope::tenant(org.org_id.str()); }
    bool has_permission(access::Permission permission) const { return permissions.has(permission); }
    // The caller's permissions at a place of the organisation; empty keys: in the project, or in
    // the organisation.
    access::Permissions permissions_at(std::string_view project, std::string_view environment) const {
        return org.grants.at(project, environment) & principal.limit;
    }
    // The same in an environment of the path's project.
    access::Permissions permissions_in(std::string_view environment) const {
        return permissions_at(request.param("project"), environment);
    }
    // Whether the caller may give, change and take away a role where the path points: one with
    // permissions that the caller has too, there and at all places in it.
    bool may_assign(const access::NamedRole& role) const {
        return permissions.has(access::Permission::manage_members) &&
               permissions_throughout().contains(role.permissions);
    }
    access::Selection readable_projects() const {
        if (!principal.limit.has(access::Permission::read)) return {false, {}};
        return org.grants.readable_projects();
    }
    // `resource`: as resource_of() makes it. For lists of what belongs to any place.
    bool may_read(std::string_view resource) const {
        return principal.limit.has(access::Permission::read) && org.grants.may_read_resource(resource);
    }
    // Of what reaches the place that the path names and all places in it.
    access::Permissions permissions_throughout() const {
        return org.grants.throughout(request.param("project"), request.param("env")) & principal.limit;
    }
};

// `what`: "flag". Also for a resource that the caller may not know of.
Error not_found(std::string_view what);
Error forbidden(access::Permission needed);
// Error: forbidden. Where the path points.
Result<> require_permission(const Call& call, access::Permission needed);
// In an environment of the path's project.
Result<> require_permission_in(const Call& call, std::string_view environment, access::Permission needed);
// Where the path points and at all places in it.
Result<> require_throughout(const Call& call, access::Permission needed);
Error conflict(std::string pointer, std::string code, std::string detail);

// Whether PostgreSQL and JSON can hold the bytes: UTF-8 without U+0000.
bool is_text(std::string_view bytes) noexcept;

// The request's path with escapes in one form: keys have none, other names are percent-encoded.
std::string path_of(const Call& call);

// The body, a JSON object. Errors: unsupported_media_type unless the content type is
// application/json (or, for PATCH, application/merge-patch+json); invalid_input when it is not an
// object, exceeds the limits of json::prescan(), gives a member more than once, or contains U+0000.
Result<std::unique_ptr<json::Document>> read_body(Call& call);

// Error: a name in the path is not text; the pointer is "{name}", as in the route's pattern.
Result<> check_path(const Call& call);

// Checks the query parameters against the route's list, before the handler reads them with
// Request::query. Errors: unknown names, names given twice, malformed escapes, values that are not
// text; the pointer is "?name".
Result<> check_query(Call& call);

struct Page {
    std::size_t limit = 50;
    std::string after;  // decoded cursor; empty: the beginning
};
// From `limit` (1 to 200) and `cursor`. Errors: invalid_input.
Result<Page> read_page(Call& call);
std::string cursor_after(std::string_view last);
// Removes the item that a store read beyond the page. The cursor of the next page, of the last
// item's `key_of`, if there was one.
template <class T, class KeyOf>
std::optional<std::string> end_page(std::vector<T>& items, const Page& page, const KeyOf& key_of) {
    if (!truncate_to_page(items, page.limit)) return std::nullopt;
    return cursor_after(key_of(items.back()));
}

// Entity tags are strong.
std::string etag(std::uint64_t version);
std::string content_etag(std::string_view body);  // for what has no version of its own

// 200 with ETag, or 304 when If-None-Match names it.
net::Response resource_response(Call& call, std::string body, std::string tag);

// For Edit::match(). What to respond when the precondition fails: 412 with the present state when
// If-Match does not list the tag; precondition_required when there is no If-Match and
// `is_required`. Nothing when the request may proceed.
std::optional<Result<net::Response>> failed_precondition(Call& call, const std::string& tag, std::string present,
                                                         bool is_required);

}  // namespace fanion::cp::http
