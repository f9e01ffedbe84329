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
#include "control-plane/body/patch.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/http/route.hpp"
#include "control-plane/http/services.hpp"
#include "control-plane/quotas/bucket.hpp"

namespace fanion::cp::http {

struct Enclosure;

struct Principal {
    access::ActorKind kind = access::ActorKind::user;  // user, service or key
    access::UserId user_id;                            // of a person, with whatever credential
    std::string email;
    std::string name;                     // the person's or the service account's
    access::SessionId session_id;         // empty unless it is a session that acts
    access::OrgId only_org;               // of a session that this organisation's identity provider has started
    access::ServiceAccountId account_id;  // of a service account
    access::TokenId token_id;             // of the personal token or the service account's that acts
    access::KeyId key_id;                 // of an application's or a relay's key, which has no permission here
    access::Permissions limit = access::Permissions::all();  // the scopes of that token; a session has all

    // Whether the caller acts in an organisation to which they belong. Who was signed in by the
    // organisation's own provider has brought whatever factors it asks for.
    bool enters(access::Membership& org) const noexcept {
        if (only_org.empty()) return true;
        org.lacks_second_factor = false;
        return org.org_id == only_org;
    }

    // Who acts and with what, as the audit log records it; not secret. The credential is the id of
    // a session or key, or the beginning of a token: "fan_pat_Kb2KQiSbXI".
    const std::string& actor_id() const noexcept;
    std::string credential_id() const;
    bool is_key() const noexcept { return kind == access::ActorKind::key; }
    bool is_service() const noexcept { return kind == access::ActorKind::service; }
    bool is_token() const noexcept { return !token_id.empty(); }
};

struct Call {
    net::Request& request;
    Services& services;
    const Route& route;
    Principal principal;                   // empty on open routes
    access::Membership org;                // of routes below /orgs/{org}; a service account's own everywhere
    access::Permissions permissions = {};  // of the caller where the path points; none beyond the principal's limit
    // An edit goes through all of its steps and is then dropped: nothing is committed.
    bool is_dry_run = false;
    // Of the credential or the organisation, whichever admits fewer requests now; none: no limit.
    std::optional<quotas::Standing> standing = {};
    Enclosure* enclosure = nullptr;  // the edit is a part of another one; see http/enclosure.hpp
    // Of the credential and of what the organisation's audit log records, when the caller was
    // admitted: as long as it is the same, nothing of either has changed. Empty: not known.
    std::string state = {};
    telemetry::TracePlace place = {};  // below the request's span, for what is done for it

    // For requests to others, who are told the trace whether it is recorded or not.
    telemetry::TracePlace outgoing() const { return {services.tracing.tracer, request.trace}; }

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
    bool may_read_in(std::string_view environment) const {
        return permissions_in(environment).has(access::Permission::read);
    }
    // Whether the caller may give, change and take away a role where the path points: one with
    // permissions that the caller has too, there and at all places in it.
    bool may_assign(const access::NamedRole& role) const {
        return may_assign_at(request.param("project"), request.param("env"), role);
    }
    // The same at a place of the organisation; empty keys as for permissions_at().
    bool may_assign_at(std::string_view project, std::string_view environment, const access::NamedRole& role) const {
        return permissions_at(project, environment).has(access::Permission::manage_members) &&
               has_throughout(project, environment, role.permissions);
    }
    // Whether the caller has all of `given`, where the path points and at all places in it.
    bool has_throughout(access::Permissions given) const { return permissions_throughout().contains(given); }
    // The same at a place of the organisation.
    bool has_throughout(std::string_view project, std::string_view environment, access::Permissions given) const {
        return (org.grants.throughout(project, environment) & principal.limit).contains(given);
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

// Sets Call::permissions to those at the place that the path names, and checks that the caller may
// call the route, with this kind of credential and at that place. Errors: forbidden; not_found for
// what may not be read, as in lists.
Result<> admit(Call& call);

// `what`: "flag". Also for a resource that the caller may not know of. `pointer`: what names it,
// "{flag}" in the path, "?flag" or "/flag"; empty: nothing does, and there is no finding.
Error not_found(std::string_view what, std::string pointer);
Error forbidden(access::Permission needed);
// Error: forbidden. Where the path points.
Result<> require_permission(const Call& call, access::Permission needed);
// In an environment of the path's project, which is named if the caller may read it.
Result<> require_permission_in(const Call& call, std::string_view environment, access::Permission needed);
// What changing an environment requires of the caller. To see what a change of a protected one
// would come to, in a dry run or to propose it, `edit` is enough.
access::Permission permission_to_edit(const Call& call, bool is_protected) noexcept;
// Where the path points and at all places in it.
Result<> require_throughout(const Call& call, access::Permission needed);
// forbidden with a finding, for what clients must tell from a lack of permissions.
Error forbidden(std::string code, std::string detail);
Error conflict(std::string pointer, std::string code, std::string detail);
// `header`: the one that says what the body is.
Error unsupported_media(std::string header, std::string detail);

// Whether PostgreSQL and JSON can hold the bytes: UTF-8 without U+0000.
bool is_text(std::string_view bytes) noexcept;

// The request's path with escapes in one form: keys have none, other names are percent-encoded.
std::string path_of(const Call& call);

// The form of the body by its content type: merge for application/json and, for PATCH,
// application/merge-patch+json; where the route takes them, application/json-patch+json and
// application/vnd.fanion.instructions+json. nullopt: another type.
std::optional<body::PatchForm> patch_form(const Call& call);

// The body, a JSON object, or the array of a JSON Patch. Errors: unsupported_media_type unless it
// has a patch_form(); invalid_input when it is not an object or array, exceeds the limits of
// json::prescan(), gives a member more than once, or contains U+0000.
Result<std::unique_ptr<json::Document>> read_body(Call& call);

// The comment of a body that has one, beside ?comment=. Errors: invalid_input when it is too long,
// or when both are given.
Result<std::string> read_comment(Call& call, json::Value body);

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
