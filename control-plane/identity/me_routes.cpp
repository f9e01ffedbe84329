#include "control-plane/identity/me_routes.hpp"

#include <algorithm>

#include "common/json/writer.hpp"
#include "control-plane/access/permission.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/membership_store.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_preferences_bytes = 16 * 1024;

Error too_long() {
    const auto detail = "preferences have at most " + std::to_string(most_preferences_bytes) + " bytes";
    return {Errc::invalid_input, detail, {{"", "", "too_long", detail}}};
}

// Permissions are those that this credential has.
void write_permissions(json::Writer& w, const http::Call& call, access::Permissions permissions) {
    w.key("permissions").begin_array();
    (permissions & call.principal.limit).for_each([&](access::Permission permission) {
        w.string(name_of(permission));
    });
    w.end_array();
}

struct Me {
    std::vector<access::Membership> orgs;
    std::vector<DeletedPlace> deleted;  // roles there are not shown: they say nothing until it is restored
    std::string preferences = "{}";
};

void write_own_access(json::Writer& w, const http::Call& call, const access::Membership& org, const Me& me) {
    const auto& grants = org.grants;
    w.begin_object().member("key", org.key).member("name", org.name).member("role", grants.role().key);
    w.member("lacks_second_factor", org.lacks_second_factor);
    write_permissions(w, call, grants.at({}));
    w.key("assignments").begin_array();
    for (const auto& assignment : grants.assignments()) {
        const DeletedPlace place{org.org_id, assignment.project, assignment.environment};
        if (std::find(me.deleted.begin(), me.deleted.end(), place) != me.deleted.end()) continue;
        w.begin_object().member("project", assignment.project).key("environment");
        if (assignment.environment.empty()) {
            w.null();
        } else {
            w.string(assignment.environment);
        }
        w.member("role", assignment.role.key);
        write_permissions(w, call, grants.at(assignment.project, assignment.environment));
        w.end_object();
    }
    w.end_array().end_object();
}

void write_caller(json::Writer& w, const http::Principal& who) {
    if (who.is_service()) {
        w.key("service_account").begin_object().member("id", who.account_id.str()).member("name", who.name);
    } else {
        w.key("user").begin_object().member("id", who.user_id.str()).member("email", who.email);
        w.member("name", who.name);
    }
    w.end_object();
    const auto* kind = who.is_service() ? "service_token" : who.is_token() ? "personal_token" : "session";
    w.key("credential").begin_object().member("kind", kind).member("id", who.credential_id()).key("scopes");
    w.begin_array();
    for (const auto& name : access::names_of(who.limit)) w.string(name);
    w.end_array().end_object();
}

// Preferences are the account's: they may tell of other organisations.
awaitable<bool> reaches_preferences(http::Call& call, db::Transaction& tx) {
    const auto& who = call.principal;
    if (who.only_org.empty()) co_return true;
    co_return co_await is_own_account(tx, who.only_org, who.user_id, who.email);
}

awaitable<Me> read_me(http::Call& call) {
    Me me;
    if (call.principal.is_service()) {
        me.orgs.push_back(call.org);
        co_return me;
    }
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    me.orgs = co_await orgs_of_user(tx, call.principal.user_id);
    std::erase_if(me.orgs, [&call](access::Membership& org) { return !call.principal.enters(org); });
    // Where a second factor is missing, nothing is permitted.
    for (auto& org : me.orgs) {
        if (org.lacks_second_factor) org.grants = access::Grants({org.grants.role().key, {}}, {});
    }
    me.deleted = co_await deleted_places_of_user(tx, call.principal.user_id);
    const bool reaches = co_await reaches_preferences(call, tx);
    if (reaches) me.preferences = co_await find_preferences(tx, call.principal.user_id);
    co_return me;
}

// The cookie of a browser is replaced when the person's rights have changed.
http::Answer handle_me(http::Call& call) {
    const auto me = co_await read_me(call);
    std::string rights;
    json::Writer orgs(rights);
    orgs.begin_array();
    for (const auto& org : me.orgs) write_own_access(orgs, call, org, me);
    orgs.end_array();
    auto body = body::object_text([&](json::Writer& w) {
        write_caller(w, call.principal);
        w.key("orgs").raw(rights);
        if (!call.principal.is_service()) w.key("preferences").raw(me.preferences);
    });
    auto response = net::json_response(std::move(body));
    auto cookie = co_await renew_cookie(call, rights);
    if (!cookie.empty()) response.set("Set-Cookie", std::move(cookie));
    co_return response;
}

// Replaces all of them; what they mean is up to the user interface.
http::Answer handle_put_preferences(http::Call& call) {
    const auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto text = (*body)->root().to_text();
    if (text.size() > most_preferences_bytes) co_return too_long();
    auto tx = co_await call.services.pool.begin(db::Scope::none());
    const bool reaches = co_await reaches_preferences(call, tx);
    if (!reaches) {
        co_return http::forbidden(
            "account_required",
            "these are preferences of an account that belongs to no single organisation: sign in to it");
    }
    co_await put_preferences(tx, call.principal.user_id, text);
    co_await tx.commit();
    co_return net::json_response(std::move(text));
}

using access::Permission;
using net::Method;

constexpr http::Route me_table[] = {
    {Method::get, "/api/v1/auth/me", Permission::signed_in, handle_me, "", http::PatchForms::merge, http::Caller::any,
     nullptr, http::Account::not_needed},
    {Method::put, "/api/v1/auth/me/preferences", Permission::signed_in, handle_put_preferences, "",
     http::PatchForms::merge, http::Caller::session, nullptr, http::Account::not_needed},
};

}  // namespace

std::span<const http::Route> me_routes() noexcept { return me_table; }

}  // namespace fanion::cp::identity
