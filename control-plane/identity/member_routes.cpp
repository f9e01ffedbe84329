#include "control-plane/identity/member_routes.hpp"

#include "common/base/text.hpp"
#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

void write_member(json::Writer& w, const Member& member) {
    w.begin_object().member("id", member.user_id).member("email", member.email).member("name", member.name);
    w.member("role", access::name_of(member.role)).member("since", format_rfc3339(member.since)).end_object();
}

access::Role read_role(json::Reader& r) {
    const auto role = access::parse_role(r.string("role"));
    if (!role && body::has_string(r, "role")) {
        r.fail_at("role", "unknown_role", "the role must be viewer, developer, maintainer, admin or owner");
    }
    return role.value_or(access::Role::viewer);
}

struct NewMember {
    std::string email;
    std::string name;
    access::Role role = access::Role::viewer;
};

Result<NewMember> read_new_member(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    NewMember member{r.string("email"), body::read_text(r, "name", 200), read_role(r)};
    if (body::has_string(r, "email") && !is_email(member.email)) {
        r.fail_at("email", "bad_email", "must be an e-mail address such as ada@example.com");
    }
    r.finish(json::UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return member;
}

Result<access::Role> read_new_role(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    const auto role = read_role(r);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return role;
}

Error above_you() { return {Errc::forbidden, "you cannot give, change or take away a role above your own", {}}; }

// The member that the path names, if the caller may change them. An organisation always has an owner.
awaitable<Result<Member>> changeable_member(http::Call& call, db::Transaction& tx, bool stays_owner) {
    const auto owners = co_await lock_owners(tx, call.org.org_id);
    auto member = co_await lock_member(tx, call.org.org_id, call.param("member"));
    if (!member) co_return http::not_found("member");
    if (!access::may_assign(call.org.role, member->role)) co_return above_you();
    if (member->role == access::Role::owner && !stays_owner && owners == 1) {
        co_return http::conflict("", "last_owner",
                                 "this is the last owner of the organisation: make another member an owner first");
    }
    co_return std::move(*member);
}

http::Answer handle_list_members(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto members = co_await list_members(tx, call.org.org_id);
    co_return net::json_response(http::list_text(write_member, members));
}

http::Answer handle_invite_member(http::Call& call) {
    auto given = read_new_member(call);
    if (!given) co_return given.error();
    if (!access::may_assign(call.org.role, given->role)) co_return above_you();
    auto change = co_await http::Edit::begin(call);
    const auto now = call.now();
    const auto token = co_await invite(change.tx(), call.org.org_id, given->email, given->name, given->role, now);
    std::string entry;
    json::Writer audited(entry);
    audited.begin_object().member("email", given->email).member("role", access::name_of(given->role)).end_object();
    change.set_audit_entry("member.invited", "members", std::nullopt, std::move(entry));
    co_await change.commit();
    std::string body;
    json::Writer w(body);
    w.begin_object().member("email", given->email).member("role", access::name_of(given->role));
    w.member("setup_token", token).member("expires_at", format_rfc3339(now + invitation_lifetime)).end_object();
    co_return net::json_response(std::move(body), 201);
}

http::Answer handle_get_member(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto member = co_await find_member(tx, call.org.org_id, call.param("member"));
    if (!member) co_return http::not_found("member");
    auto body = http::to_text(write_member, *member);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

http::Answer handle_change_member(http::Call& call) {
    auto role = read_new_role(call);
    if (!role) co_return role.error();
    if (!access::may_assign(call.org.role, *role)) co_return above_you();
    auto change = co_await http::Edit::begin(call);
    auto member = co_await changeable_member(call, change.tx(), *role == access::Role::owner);
    if (!member) co_return member.error();
    const auto before = http::to_text(write_member, *member);
    if (auto failed = http::failed_precondition(call, http::content_etag(before), before, false))
        co_return std::move(*failed);
    const bool is_same = member->role == *role;
    member->role = *role;
    auto body = http::to_text(write_member, *member);
    if (!is_same) {
        co_await put_membership(change.tx(), call.org.org_id, member->user_id, *role);
        change.set_audit_entry("member.updated", http::resource_of(call), before, body);
        co_await change.commit();
    }
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

http::Answer handle_remove_member(http::Call& call) {
    auto change = co_await http::Edit::begin(call);
    auto member = co_await changeable_member(call, change.tx(), false);
    if (!member) co_return member.error();
    const auto before = http::to_text(write_member, *member);
    if (auto failed = http::failed_precondition(call, http::content_etag(before), before, false))
        co_return std::move(*failed);
    co_await remove_membership(change.tx(), call.org.org_id, member->user_id);
    change.set_audit_entry("member.removed", http::resource_of(call), before, std::nullopt);
    co_await change.commit();
    co_return net::empty_response(204);
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/members", Permission::read, handle_list_members},
    {Method::post, "/api/v1/orgs/{org}/members", Permission::administer, handle_invite_member},
    {Method::get, "/api/v1/orgs/{org}/members/{member}", Permission::read, handle_get_member},
    {Method::patch, "/api/v1/orgs/{org}/members/{member}", Permission::administer, handle_change_member},
    {Method::del, "/api/v1/orgs/{org}/members/{member}", Permission::administer, handle_remove_member},
};

}  // namespace

std::span<const http::Route> member_routes() noexcept { return table; }

}  // namespace fanion::cp::identity
