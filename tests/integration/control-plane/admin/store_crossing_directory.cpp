#include "control-plane/groups/group_store.hpp"
#include "control-plane/scim/directory_group_store.hpp"
#include "control-plane/scim/directory_store.hpp"
#include "tests/integration/control-plane/admin/store_crossing.hpp"

namespace fanion::crossing {
namespace {

using Texts = std::vector<std::string>;

scim::DirectoryUser planted_user(const Theirs& t) {
    scim::DirectoryUser user;
    user.user_id = t.member;
    user.attributes.user_name = "planted";
    user.created_at = now;
    user.updated_at = now;
    return user;
}

scim::DirectoryGroup planted_group() { return {"g_1", "planted", std::nullopt, 0, 7, now, now}; }

const Case directory_table[] = {
    {"find_group_roles", true,
     [](Tx& tx, const Theirs& t) -> Found {
         const auto stored = co_await groups::find_group_roles(tx, t.org);
         co_return stored.updated_at.has_value();
     }},
    {"put_group_roles", false,
     [](Tx& tx, const Theirs& t) {
         return written(groups::put_group_roles(tx, t.org, {{}, 7, now}));
     }},
    {"groups_of_user", true,
     [](Tx& tx, const Theirs& t) { return found(groups::groups_of_user(tx, t.org, t.member)); }},
    {"put_sign_in_groups", false,
     [](Tx& tx, const Theirs& t) {
         return written(groups::put_sign_in_groups(tx, t.org, t.member, Texts(1, "planted")));
     }},
    {"list_known_people", true, [](Tx& tx, const Theirs& t) { return found(groups::list_known_people(tx, t.org)); }},
    {"is_barred", false,
     [](Tx& tx, const Theirs& t) -> Found { co_return co_await groups::is_barred(tx, t.org, t.member); }},
    {"has_role_by_group", true,
     [](Tx& tx, const Theirs& t) -> Found { co_return co_await groups::has_role_by_group(tx, t.org, t.member); }},
    {"set_role_by_group", false,
     [](Tx& tx, const Theirs& t) { return written(groups::set_role_by_group(tx, t.org, t.member, "owner")); }},
    {"end_membership", false,
     [](Tx& tx, const Theirs& t) { return written(groups::end_membership(tx, t.org, t.member)); }},
    {"list_placed_roles", true,
     [](Tx& tx, const Theirs& t) { return found(groups::list_placed_roles(tx, t.org, t.member)); }},
    {"mark_assignment_by_group", false,
     [](Tx& tx, const Theirs& t) { return written(groups::mark_assignment_by_group(tx, t.place, t.member)); }},
    {"list_groups", true, [](Tx& tx, const Theirs& t) { return found(groups::list_groups(tx, t.org, "", "", 10)); }},
    {"count_directory_users", true,
     [](Tx& tx, const Theirs& t) { return found(scim::count_directory_users(tx, t.org, {})); }},
    {"list_directory_users", true,
     [](Tx& tx, const Theirs& t) { return found(scim::list_directory_users(tx, t.org, {}, 0, 10)); }},
    {"find_directory_user", true,
     [](Tx& tx, const Theirs& t) { return found(scim::find_directory_user(tx, t.org, t.member)); }},
    {"insert_directory_user", false,
     [](Tx& tx, const Theirs& t) { return written(scim::insert_directory_user(tx, t.org, planted_user(t))); }},
    {"update_directory_user", false,
     [](Tx& tx, const Theirs& t) { return written(scim::update_directory_user(tx, t.org, planted_user(t))); }},
    {"delete_directory_user", false,
     [](Tx& tx, const Theirs& t) { return written(scim::delete_directory_user(tx, t.org, t.member)); }},
    {"set_member_name", false,
     [](Tx& tx, const Theirs& t) { return written(scim::set_member_name(tx, t.org, t.member, "planted")); }},
    {"count_directory_groups", true,
     [](Tx& tx, const Theirs& t) { return found(scim::count_directory_groups(tx, t.org, {})); }},
    {"list_directory_groups", true,
     [](Tx& tx, const Theirs& t) { return found(scim::list_directory_groups(tx, t.org, {}, 0, 10)); }},
    {"find_directory_group", true,
     [](Tx& tx, const Theirs& t) { return found(scim::find_directory_group(tx, t.org, "g_1")); }},
    {"insert_directory_group", false,
     [](Tx& tx, const Theirs& t) { return written(scim::insert_directory_group(tx, t.org, planted_group())); }},
    {"update_directory_group", false,
     [](Tx& tx, const Theirs& t) { return written(scim::update_directory_group(tx, t.org, planted_group())); }},
    {"delete_directory_group", false,
     [](Tx& tx, const Theirs& t) { return written(scim::delete_directory_group(tx, t.org, "g_1")); }},
    {"list_group_members", true,
     [](Tx& tx, const Theirs& t) { return found(scim::list_group_members(tx, t.org, "g_1")); }},
    {"members_of_groups", true,
     [](Tx& tx, const Theirs& t) { return found(scim::members_of_groups(tx, t.org, Texts(1, "g_1"))); }},
    {"groups_of_members", true,
     [](Tx& tx, const Theirs& t) { return found(scim::groups_of_members(tx, t.org, Texts(1, t.member.str()))); }},
    {"known_users", true,
     [](Tx& tx, const Theirs& t) { return found(scim::known_users(tx, t.org, Texts(1, t.member.str()))); }},
    {"add_group_members", false,
     [](Tx& tx, const Theirs& t) {
         return written(scim::add_group_members(tx, t.org, "g_1", Texts(1, t.member.str())));
     }},
    {"remove_group_members", false,
     [](Tx& tx, const Theirs& t) {
         return written(scim::remove_group_members(tx, t.org, "g_1", Texts(1, t.member.str())));
     }},
};

}  // namespace

std::span<const Case> directory_cases() noexcept { return directory_table; }

}  // namespace fanion::crossing
