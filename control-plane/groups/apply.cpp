#include "control-plane/groups/apply.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "control-plane/access/role_store.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/member_body.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/identity/withdrawal.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/quotas/quota_store.hpp"
#include "control-plane/roles/role_json.hpp"

namespace fanion::cp::groups {
namespace {

using boost::asio::awaitable;

awaitable<void> note(const Work& work, audit::Action action, std::string resource, std::optional<std::string> before,
                     std::optional<std::string> after) {
    auto entry = work.by;
    entry.action = action;
    entry.resource = std::move(resource);
    entry.before = std::move(before);
    entry.after = std::move(after);
    co_await audit::append_audit(work.tx, std::move(entry));
}

std::string resource_of(const identity::Member& member) { return "members/" + member.user_id.str(); }

std::string resource_of(const PlacedRole& placed, const access::UserId& user_id) {
    auto resource = "projects/" + placed.project;
    if (!placed.environment.empty()) resource += "/environments/" + placed.environment;
    return resource + "/assignments/" + user_id.str();
}

std::string member_text(const identity::Member& member) { return http::to_text(identity::write_member, member); }

std::optional<std::string> assigned_text(const std::optional<access::AssignedMember>& assigned) {
    if (!assigned) return std::nullopt;
    return http::to_text(roles::write_assigned, *assigned);
}

awaitable<void> withdraw_invitations(const Work& work, identity::Member member) {
    auto found =
        co_await identity::lock_invitations_of(work.tx, work.by.org_id, member.email, member.user_id, work.by.at);
    co_await identity::withdraw_all(work.tx, std::move(found), work.by);
}

// The role in the organisation that the first of the rules gives; the default role where none does.
struct OrgRole {
    std::optional<access::NamedRole> role;
    bool is_default = false;
};

awaitable<OrgRole> org_role_of(const Work& work, const std::vector<Rule>& rules,
                               const std::optional<std::string>& default_role) {
    for (const auto& rule : rules) {
        if (!rule.project.empty()) continue;
        auto role = co_await access::role_to_give(work.tx, work.by.org_id, rule.role);
        if (role) co_return OrgRole{std::move(role), false};
    }
    if (!default_role) co_return OrgRole{std::nullopt, true};
    auto role = co_await access::role_to_give(work.tx, work.by.org_id, *default_role);
    co_return OrgRole{std::move(role), true};
}

// nullopt: there is no such place now.
awaitable<std::optional<access::AssignmentPlace>> place_of(const Work& work, const Rule& rule) {
    const auto project = co_await projects::find_project(work.tx, work.by.org_id, rule.project);
    if (!project) co_return std::nullopt;
    access::AssignmentPlace place{work.by.org_id, project->project_id, std::nullopt};
    if (rule.environment.empty()) co_return place;
    const auto environment = co_await projects::find_environment(work.tx, project->project_id, rule.environment);
    if (!environment) co_return std::nullopt;
    place.env_id = environment->env_id;
    co_return place;
}

bool is_at(const PlacedRole& placed, const Rule& rule) {
    return placed.project == rule.project && placed.environment == rule.environment;
}

bool is_same_place(const PlacedRole& a, const PlacedRole& b) {
    return a.project == b.project && a.environment == b.environment;
}

// Each place once.
awaitable<std::vector<PlacedRole>> placed_roles_of(const Work& work, const std::vector<Rule>& rules) {
    std::vector<PlacedRole> wanted;
    for (const auto& rule : rules) {
        const auto is_taken = [&](const PlacedRole& placed) { return is_at(placed, rule); };
        if (rule.project.empty() || std::ranges::any_of(wanted, is_taken)) continue;
        auto place = co_await place_of(work, rule);
        if (!place) continue;
        const auto role = co_await access::role_to_give(work.tx, work.by.org_id, rule.role);
        if (!role) continue;
        wanted.push_back({std::move(*place), rule.project, rule.environment, role->key, true});
    }
    co_return wanted;
}

awaitable<Result<>> join(const Work& work, const KnownPerson& person, const access::NamedRole& role) {
    const quotas::Addition addition{quotas::Quota::members, 1};
    auto room = co_await quotas::check_room(work.tx, work.quotas, work.by.org_id, addition, work.by.at);
    if (!room) co_return room.error();
    co_await identity::insert_member(work.tx, work.by.org_id, person.user_id, role.key, person.name);
    co_await set_role_by_group(work.tx, work.by.org_id, person.user_id, role.key);
    const auto made = co_await identity::find_member(work.tx, work.by.org_id, person.user_id);
    co_await note(work, audit::Action::member_joined, resource_of(*made), std::nullopt, member_text(*made));
    co_return boost::system::in_place_value;
}

awaitable<void> change_role(const Work& work, identity::Member member, const access::NamedRole& role,
                            bool was_by_group) {
    if (member.role.key == role.key) {
        if (!was_by_group) co_await set_role_by_group(work.tx, work.by.org_id, member.user_id, role.key);
        co_return;
    }
    const bool loses = !role.permissions.contains(member.role.permissions);
    if (loses) co_await withdraw_invitations(work, member);
    co_await set_role_by_group(work.tx, work.by.org_id, member.user_id, role.key);
    const auto before = member_text(member);
    member.role = role;
    co_await note(work, audit::Action::member_updated, resource_of(member), before, member_text(member));
}

awaitable<void> give(const Work& work, const access::UserId& user_id, const PlacedRole& wanted) {
    const auto before = co_await access::find_assigned(work.tx, wanted.place, user_id);
    co_await access::put_assignment(work.tx, wanted.place, user_id, wanted.role, work.by.at);
    co_await mark_assignment_by_group(work.tx, wanted.place, user_id);
    const auto after = co_await access::find_assigned(work.tx, wanted.place, user_id);
    const auto action = before ? audit::Action::assignment_updated : audit::Action::assignment_created;
    co_await note(work, action, resource_of(wanted, user_id), assigned_text(before), assigned_text(after));
}

awaitable<void> take(const Work& work, const access::UserId& user_id, const PlacedRole& held) {
    const auto before = co_await access::find_assigned(work.tx, held.place, user_id);
    co_await access::remove_assignment(work.tx, held.place, user_id);
    co_await note(work, audit::Action::assignment_deleted, resource_of(held, user_id), assigned_text(before),
                  std::nullopt);
}

awaitable<void> settle_places(const Work& work, const access::UserId& user_id, const std::vector<PlacedRole>& wanted) {
    const auto present = co_await list_placed_roles(work.tx, work.by.org_id, user_id);
    for (const auto& held : present) {
        const auto is_wanted = [&](const PlacedRole& one) { return is_same_place(one, held); };
        if (held.by_group && std::ranges::none_of(wanted, is_wanted)) co_await take(work, user_id, held);
    }
    for (const auto& one : wanted) {
        const auto is_there = [&](const PlacedRole& held) { return is_same_place(held, one); };
        const auto held = std::ranges::find_if(present, is_there);
        const bool is_kept = held != present.end() && (!held->by_group || held->role == one.role);
        if (!is_kept) co_await give(work, user_id, one);
    }
}

// The membership alone. False: the person has no role, and is no member.
awaitable<Result<bool>> settle_membership(const Work& work, const KnownPerson& person, const OrgRole& wanted) {
    const auto owners = co_await identity::lock_owners(work.tx, work.by.org_id);
    const auto member = co_await identity::lock_member(work.tx, work.by.org_id, person.user_id);
    if (!member) {
        const bool barred = co_await is_barred(work.tx, work.by.org_id, person.user_id);
        const auto namesake = co_await identity::find_member_by_email(work.tx, work.by.org_id, person.email);
        if (!wanted.role || barred || namesake) co_return false;
        auto joined = co_await join(work, person, *wanted.role);
        if (!joined) co_return joined.error();
        co_return true;
    }
    const bool by_group = co_await has_role_by_group(work.tx, work.by.org_id, person.user_id);
    const bool is_owner = access::is_owner(member->role);
    if (is_owner && (!by_group || owners == 1)) co_return true;
    if (wanted.is_default && !by_group) co_return true;
    if (!wanted.role) {
        co_await expel(work, *member);
        co_return false;
    }
    co_await change_role(work, *member, *wanted.role, by_group);
    co_return true;
}

awaitable<Result<Standing>> settle(const Work& work, const KnownPerson& person, const GroupRoles& roles,
                                   const std::vector<std::string>& names) {
    const auto rules = matching(roles, names);
    const auto wanted = co_await org_role_of(work, rules, roles.default_role);
    auto is_member = co_await settle_membership(work, person, wanted);
    if (!is_member) co_return is_member.error();
    if (!*is_member) co_return Standing::no_role;
    const auto placed = co_await placed_roles_of(work, rules);
    co_await settle_places(work, person.user_id, placed);
    co_return Standing::member;
}

}  // namespace

awaitable<void> expel(const Work& work, identity::Member member) {
    co_await withdraw_invitations(work, member);
    co_await end_membership(work.tx, work.by.org_id, member.user_id);
    co_await note(work, audit::Action::member_removed, resource_of(member), member_text(member), std::nullopt);
}

awaitable<Result<Standing>> apply(const Work& work, KnownPerson person) {
    const auto stored = co_await find_group_roles(work.tx, work.by.org_id);
    const auto names = co_await groups_of_user(work.tx, work.by.org_id, person.user_id);
    co_return co_await settle(work, person, stored.roles, names);
}

awaitable<Result<Standing>> apply_sign_in(const Work& work, KnownPerson person, std::vector<std::string> names) {
    names = normalised(std::move(names));
    co_await put_sign_in_groups(work.tx, work.by.org_id, person.user_id, names);
    const auto stored = co_await find_group_roles(work.tx, work.by.org_id);
    const auto held = co_await groups_of_user(work.tx, work.by.org_id, person.user_id);
    std::vector<std::string> all;
    std::ranges::set_union(names, held, std::back_inserter(all));
    auto standing = co_await settle(work, person, stored.roles, all);
    if (standing && *standing == Standing::member)  // who has just joined has a row only now
        co_await put_sign_in_groups(work.tx, work.by.org_id, person.user_id, std::move(names));
    co_return standing;
}

awaitable<Result<>> apply_to_all(const Work& work) {
    const auto stored = co_await find_group_roles(work.tx, work.by.org_id);
    const auto people = co_await list_known_people(work.tx, work.by.org_id);
    for (const auto& person : people) {
        const auto names = co_await groups_of_user(work.tx, work.by.org_id, person.user_id);
        const auto standing = co_await settle(work, person, stored.roles, names);
        if (!standing) co_return standing.error();
    }
    co_return boost::system::in_place_value;
}

}  // namespace fanion::cp::groups
