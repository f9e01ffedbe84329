#include "control-plane/groups/group_store.hpp"

#include <utility>

namespace fanion::cp::groups {

using boost::asio::awaitable;

constexpr db::Statement find_group_roles_sql{
    "find_group_roles", "SELECT rules::text, default_role, version, updated_at FROM group_roles WHERE org_id = $1"};

awaitable<StoredGroupRoles> find_group_roles(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_group_roles_sql, org_id);
    StoredGroupRoles stored;
    if (rows.empty()) co_return stored;
    const auto row = rows[0];
    stored.roles.rules = parse_rules(row.text(0));
    stored.roles.default_role = row.optional_text(1);
    stored.version = row.u64(2);
    stored.updated_at = row.time(3);
    co_return stored;
}

constexpr db::Statement put_group_roles_sql{
    "put_group_roles",
    "INSERT INTO group_roles (org_id, rules, default_role, version, updated_at) VALUES ($1, $2::jsonb, $3, $4, $5) "
    "ON CONFLICT (org_id) DO UPDATE SET rules = $2::jsonb, default_role = $3, version = $4, updated_at = $5"};

awaitable<void> put_group_roles(db::Transaction& tx, access::OrgId org_id, StoredGroupRoles stored) {
    const auto rules = rules_text(stored.roles.rules);
    co_await tx.run(put_group_roles_sql, org_id, rules, stored.roles.default_role, stored.version,
                    db::Time{stored.updated_at.value_or(0)});
}

constexpr db::Statement groups_of_user_sql{
    "groups_of_user",
    "SELECT g.name COLLATE \"C\" AS n FROM group_members m JOIN groups g USING (org_id, group_id) "
    "WHERE m.org_id = $1 AND m.user_id = $2 "
    "UNION SELECT unnest(sign_in_groups) COLLATE \"C\" FROM memberships WHERE org_id = $1 AND user_id = $2 ORDER BY n"};

awaitable<std::vector<std::string>> groups_of_user(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(groups_of_user_sql, org_id, user_id);
    std::vector<std::string> names;
    for (const auto row : rows) names.push_back(row.string(0));
    co_return names;
}

constexpr db::Statement put_sign_in_groups_sql{
    "put_sign_in_groups", "UPDATE memberships SET sign_in_groups = $3 WHERE org_id = $1 AND user_id = $2"};

awaitable<void> put_sign_in_groups(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                   std::vector<std::string> names) {
    co_await tx.run(put_sign_in_groups_sql, org_id, user_id, names);
}

constexpr db::Statement list_known_people_sql{
    "list_known_people",
    "SELECT u.user_id, u.email, coalesce(m.name, d.attributes::jsonb ->> 'displayName', '') FROM users u "
    "LEFT JOIN memberships m ON m.org_id = $1 AND m.user_id = u.user_id "
    "LEFT JOIN directory_users d ON d.org_id = $1 AND d.user_id = u.user_id "
    "WHERE m.sign_in_groups IS NOT NULL OR d.is_active ORDER BY u.user_id COLLATE \"C\""};

awaitable<std::vector<KnownPerson>> list_known_people(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(list_known_people_sql, org_id);
    std::vector<KnownPerson> found;
    for (const auto row : rows) found.push_back({access::UserId(row.string(0)), row.string(1), row.string(2)});
    co_return found;
}

constexpr db::Statement has_role_by_group_sql{"has_role_by_group",
                                              "SELECT by_group FROM memberships WHERE org_id = $1 AND user_id = $2"};

awaitable<bool> has_role_by_group(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    const auto rows = co_await tx.run(has_role_by_group_sql, org_id, user_id);
    co_return !rows.empty() && rows[0].boolean(0);
}

constexpr db::Statement set_role_by_group_sql{
    "set_role_by_group", "UPDATE memberships SET role = $3, by_group = true WHERE org_id = $1 AND user_id = $2"};

awaitable<void> set_role_by_group(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, std::string role) {
    co_await tx.run(set_role_by_group_sql, org_id, user_id, role);
}

constexpr db::Statement end_membership_sql{"end_membership",
                                           "DELETE FROM memberships WHERE org_id = $1 AND user_id = $2"};

awaitable<void> end_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    co_await tx.run(end_membership_sql, org_id, user_id);
}

constexpr db::Statement list_placed_roles_sql{
    "list_placed_roles",
    "SELECT a.project_id, a.env_id, p.key, coalesce(e.key, ''), a.role, a.by_group FROM role_assignments a "
    "JOIN projects p USING (project_id) LEFT JOIN environments e ON e.env_id = a.env_id "
    "WHERE a.org_id = $1 AND a.user_id = $2 AND (a.env_id IS NULL OR e.env_id IS NOT NULL) "
    "ORDER BY p.key COLLATE \"C\", e.key COLLATE \"C\" NULLS FIRST"};

awaitable<std::vector<PlacedRole>> list_placed_roles(db::Transaction& tx, access::OrgId org_id,
                                                     access::UserId user_id) {
    const auto rows = co_await tx.run(list_placed_roles_sql, org_id, user_id);
    std::vector<PlacedRole> found;
    for (const auto row : rows) {
        PlacedRole one;
        one.place = {org_id, access::ProjectId(row.string(0)), std::nullopt};
        if (!row.is_null(1)) one.place.env_id = access::EnvironmentId(row.string(1));
        one.project = row.string(2);
        one.environment = row.string(3);
        one.role = row.string(4);
        one.by_group = row.boolean(5);
        found.push_back(std::move(one));
    }
    co_return found;
}

constexpr db::Statement mark_assignment_by_group_sql{
    "mark_assignment_by_group",
    "UPDATE role_assignments SET by_group = true WHERE org_id = $1 AND project_id = $2 "
    "AND coalesce(env_id, '') = $3 AND user_id = $4"};

awaitable<void> mark_assignment_by_group(db::Transaction& tx, access::AssignmentPlace place, access::UserId user_id) {
    const auto env = place.env_id ? place.env_id->str() : std::string();
    co_await tx.run(mark_assignment_by_group_sql, place.org_id, place.project_id, env, user_id);
}

constexpr db::Statement list_groups_sql{
    "list_groups",
    "SELECT name, source, members FROM ("
    "SELECT g.name COLLATE \"C\" AS name, 'scim' COLLATE \"C\" AS source, (SELECT count(*) FROM group_members m "
    "WHERE m.org_id = g.org_id AND m.group_id = g.group_id) AS members FROM groups g WHERE g.org_id = $1 "
    "UNION ALL SELECT n.name COLLATE \"C\", 'sign_in' COLLATE \"C\", count(*) FROM memberships m "
    "CROSS JOIN unnest(m.sign_in_groups) AS n (name) WHERE m.org_id = $1 GROUP BY n.name COLLATE \"C\") AS known "
    "WHERE (name, source) > ($2, $3) ORDER BY name, source LIMIT $4"};

awaitable<std::vector<ListedGroup>> list_groups(db::Transaction& tx, access::OrgId org_id, std::string after_name,
                                                std::string after_source, std::size_t limit) {
    const auto rows = co_await tx.run(list_groups_sql, org_id, after_name, after_source, limit);
    std::vector<ListedGroup> found;
    for (const auto row : rows) found.push_back({row.string(0), row.string(1), row.u64(2)});
    co_return found;
}

}  // namespace fanion::cp::groups
