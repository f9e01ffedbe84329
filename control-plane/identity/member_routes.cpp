#include "control-plane/identity/member_routes.hpp"

#include <algorithm>

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/role_request.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/identity/withdrawal.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

Result<std::string> read_new_role(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) { return access::read_role_key(r); });
}

// The member that the path names, if the caller may change them. An organisation always has an owner.
awaitable<Result<Member>> changeable_member(http::Call& call, db::Transaction& tx, bool stays_owner) {
    const auto owners = co_await lock_owners(tx, call.org.org_id);
    auto member = co_await lock_member(tx, call.org.org_id, access::UserId(call.param("member")));
    if (!member) co_return http::not_found("member", "{member}");
    if (!call.may_assign(member->role)) co_return above_you();
    if (access::is_owner(member->role) && !stays_owner && owners == 1) {
        co_return http::conflict("", "last_owner",
                                 "this is the last owner of the organisation: make another member an owner first");
    }
    co_return std::move(*member);
}

http::Answer handle_list_members(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto members = co_await list_members(tx, call.org.org_id, page->after, page->limit + 1);
    const auto next = http::end_page(members, *page, [](const Member& member) { return member.user_id.str(); });
    co_return net::json_response(http::list_text(write_member, members, next));
}

http::Answer handle_get_member(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto member = co_await find_member(tx, call.org.org_id, access::UserId(call.param("member")));
    if (!member) co_return http::not_found("member", "{member}");
    auto body = http::to_text(write_member, *member);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

http::EditResult change_member(http::Edit& edit) {
    auto& call = edit.call();
    auto wanted = read_new_role(edit.body());
    if (!wanted) co_return wanted.error();
    const auto role = co_await access::role_to_give(edit.tx(), call.org.org_id, *wanted);
    if (!role) co_return access::unknown_role(*wanted);
    if (!call.may_assign(*role)) co_return above_you();
    auto member = co_await changeable_member(call, edit.tx(), access::is_owner(*role));
    if (!member) co_return member.error();
    const auto present = http::to_text(write_member, *member);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    if (member->role == *role) co_return edit.unchanged(present, http::content_etag(present));
    const bool loses = !role->permissions.contains(member->role.permissions);
    if (loses) co_await withdraw_invitations_of(edit, *member);
    member->role = *role;
    co_await set_role(edit.tx(), call.org.org_id, member->user_id, role->key);
    const auto text = http::to_text(write_member, *member);
    co_return edit.changed(audit::Action::member_updated, std::move(*before), text, http::content_etag(text));
}

http::Answer handle_change_member(http::Call& call) { return http::edit_resource(call, change_member); }

// Whether the caller could take away all roles that a member has in projects and environments.
awaitable<bool> may_take_assignments(http::Call& call, db::Transaction& tx, access::UserId user_id) {
    const auto grants = co_await access::grants_of_member(tx, call.org.org_id, std::move(user_id));
    co_return !grants || std::ranges::all_of(grants->assignments(), [&](const access::Assignment& held) {
        return call.may_assign_at(held.project, held.environment, held.role);
    });
}

http::EditResult expel_member(http::Edit& edit) {
    auto& call = edit.call();
    auto member = co_await changeable_member(call, edit.tx(), false);
    if (!member) co_return member.error();
    const bool may_take = co_await may_take_assignments(call, edit.tx(), member->user_id);
    if (!may_take) co_return above_you();
    const auto present = http::to_text(write_member, *member);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    co_await withdraw_invitations_of(edit, *member);
    co_await remove_member(edit.tx(), call.org.org_id, member->user_id);
    co_return edit.deleted(audit::Action::member_removed, std::move(*before));
}

http::Answer handle_remove_member(http::Call& call) { return http::edit_resource(call, expel_member); }

using access::Permission;
using net::Method;

constexpr http::Route member_table[] = {
    {Method::get, "/api/v1/orgs/{org}/members", Permission::read, handle_list_members, "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/members/{member}", Permission::read, handle_get_member},
    {Method::patch, "/api/v1/orgs/{org}/members/{member}", Permission::manage_members, handle_change_member},
    {Method::del, "/api/v1/orgs/{org}/members/{member}", Permission::manage_members, handle_remove_member},
};

}  // namespace

std::span<const http::Route> member_routes() noexcept { return member_table; }

}  // namespace fanion::cp::identity
