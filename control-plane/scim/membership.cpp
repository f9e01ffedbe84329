#include "control-plane/scim/membership.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "control-plane/access/access.hpp"
#include "control-plane/access/role_store.hpp"
#include "control-plane/groups/group_store.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/scim/answer.hpp"

namespace fanion::cp::scim {
namespace {

using boost::asio::awaitable;

// Scopes say what a token is for, which is manage_members; over whom, its role says.
bool outranks(const http::Call& call, const access::NamedRole& role, std::string_view project = {},
              std::string_view environment = {}) {
    return call.org.grants.throughout(project, environment).contains(role.permissions);
}

// Whether the caller's role has all permissions of every role that a person gave to the member.
awaitable<bool> may_take_all(http::Edit& edit, const identity::Member& member) {
    const auto& call = edit.call();
    const bool by_group = co_await groups::has_role_by_group(edit.tx(), call.org.org_id, member.user_id);
    if (!by_group && !outranks(call, member.role)) co_return false;
    const auto placed = co_await groups::list_placed_roles(edit.tx(), call.org.org_id, member.user_id);
    for (const auto& one : placed) {
        if (one.by_group) continue;
        const auto role = co_await access::role_to_give(edit.tx(), call.org.org_id, one.role);
        if (role && !outranks(call, *role, one.project, one.environment)) co_return false;
    }
    co_return true;
}

}  // namespace

awaitable<Result<>> end_membership_of(http::Edit& edit, access::UserId user_id) {
    const auto& org_id = edit.call().org.org_id;
    const auto owners = co_await identity::lock_owners(edit.tx(), org_id);
    auto member = co_await identity::lock_member(edit.tx(), org_id, std::move(user_id));
    if (!member) co_return boost::system::in_place_value;
    const bool may_take = co_await may_take_all(edit, *member);
    if (!may_take) co_return identity::above_you();
    if (access::is_owner(member->role) && owners == 1)
        co_return http::conflict("", "last_owner", "this is the last owner of the organisation");
    const auto work = work_of(edit);
    co_await groups::expel(work, std::move(*member));
    co_return boost::system::in_place_value;
}

awaitable<Result<>> apply_groups(http::Edit& edit, std::vector<std::string> names, std::vector<std::string> user_ids) {
    const auto& org_id = edit.call().org.org_id;
    const auto stored = co_await groups::find_group_roles(edit.tx(), org_id);
    const auto is_named = [&](const groups::Rule& rule) { return std::ranges::find(names, rule.group) != names.end(); };
    if (std::ranges::none_of(stored.roles.rules, is_named)) co_return boost::system::in_place_value;
    const auto work = work_of(edit);
    for (const auto& id : user_ids) {
        const auto user = co_await find_directory_user(edit.tx(), org_id, access::UserId(id));
        if (!user || !user->attributes.is_active) continue;
        groups::KnownPerson person{user->user_id, user->email, shown_name(user->attributes)};
        auto standing = co_await groups::apply(work, std::move(person));
        if (!standing) co_return standing.error();
    }
    co_return boost::system::in_place_value;
}

}  // namespace fanion::cp::scim
