#include "control-plane/access/role_store.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::access {
namespace {

using boost::asio::awaitable;

CustomRole to_custom_role(db::Row row) {
    return {RoleId(row.string(0)),
            {row.string(1), row.string(2), row.string(3), permissions_named(row.texts(4))},
            row.u64(5),
            row.time(6),
            row.time(7)};
}

std::optional<CustomRole> first_role(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_custom_role(rows[0]);
}

}  // namespace

NamedRole to_named_role(const db::Row& row, int key, int permissions) {
    auto built_in_role = find_built_in(row.text(key));
    if (built_in_role) return std::move(*built_in_role);
    if (row.is_null(permissions)) return {row.string(key), {}};
    return {row.string(key), permissions_named(row.texts(permissions))};
}

constexpr db::Statement list_roles_sql{
    "list_roles",
    "SELECT role_id, key, name, description, permissions, version, created_at, updated_at FROM roles "
    "WHERE org_id = $1 AND key COLLATE \"C\" > $2 ORDER BY key COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<CustomRole>> list_roles(db::Transaction& tx, OrgId org_id, std::string after, std::size_t limit) {
    const auto rows = co_await tx.run(list_roles_sql, org_id, after, limit);
    std::vector<CustomRole> found;
    for (const auto row : rows) found.push_back(to_custom_role(row));
    co_return found;
}

constexpr db::Statement count_roles_sql{"count_roles", "SELECT count(*) FROM roles WHERE org_id = $1"};

awaitable<std::size_t> count_roles(db::Transaction& tx, OrgId org_id) {
    const auto rows = co_await tx.run(count_roles_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_role_sql{
    "find_role",
    "SELECT role_id, key, name, description, permissions, version, created_at, updated_at FROM roles "
    "WHERE org_id = $1 AND key = $2"};

awaitable<std::optional<CustomRole>> find_role(db::Transaction& tx, OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(find_role_sql, org_id, key);
    co_return first_role(rows);
}

constexpr db::Statement lock_role_sql{
    "lock_role",
    "SELECT role_id, key, name, description, permissions, version, created_at, updated_at FROM roles "
    "WHERE org_id = $1 AND key = $2 FOR UPDATE"};

awaitable<std::optional<CustomRole>> lock_role(db::Transaction& tx, OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(lock_role_sql, org_id, key);
    co_return first_role(rows);
}

constexpr db::Statement insert_role_sql{
    "insert_role",
    "INSERT INTO roles (role_id, org_id, key, name, description, permissions, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (org_id, key) DO NOTHING "
    "RETURNING role_id, key, name, description, permissions, version, created_at, updated_at"};

awaitable<std::optional<CustomRole>> insert_role(db::Transaction& tx, OrgId org_id, RoleDefinition definition,
                                                 UnixMillis now) {
    const auto names = names_of(definition.permissions);
    const auto rows = co_await tx.run(insert_role_sql, random_id("r_"), org_id, definition.key, definition.name,
                                      definition.description, names, db::Time{now});
    co_return first_role(rows);
}

constexpr db::Statement update_role_sql{"update_role",
                                        "UPDATE roles SET name = $2, description = $3, permissions = $4, version = $5, "
                                        "updated_at = $6 WHERE role_id = $1"};

awaitable<void> update_role(db::Transaction& tx, const CustomRole& role) {
    const auto names = names_of(role.definition.permissions);
    co_await tx.run(update_role_sql, role.role_id, role.definition.name, role.definition.description, names,
                    role.version, db::Time{role.updated_at});
}

constexpr db::Statement delete_role_sql{"delete_role", "DELETE FROM roles WHERE role_id = $1"};

awaitable<void> delete_role(db::Transaction& tx, RoleId role_id) { co_await tx.run(delete_role_sql, role_id); }

constexpr db::Statement role_to_give_sql{"role_to_give",
                                         "SELECT key, permissions FROM roles WHERE org_id = $1 AND key = $2 FOR SHARE"};

awaitable<std::optional<NamedRole>> role_to_give(db::Transaction& tx, OrgId org_id, std::string key) {
    auto built_in_role = find_built_in(key);
    if (built_in_role) co_return built_in_role;
    const auto rows = co_await tx.run(role_to_give_sql, org_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_named_role(rows[0], 0, 1);
}

constexpr db::Statement uses_of_role_sql{
    "uses_of_role",
    "SELECT email, place, invited FROM ("
    "SELECT u.email, '' AS place, false AS invited FROM memberships m JOIN users u USING (user_id) "
    "WHERE m.org_id = $1 AND m.role = $2 "
    "UNION ALL SELECT u.email, 'projects/' || p.key || coalesce('/environments/' || e.key, ''), false "
    "FROM role_assignments a JOIN users u USING (user_id) JOIN projects p USING (project_id) "
    "LEFT JOIN environments e ON e.env_id = a.env_id WHERE a.org_id = $1 AND a.role = $2 "
    "UNION ALL SELECT i.email, '', true FROM invitations i "
    "WHERE i.org_id = $1 AND i.role = $2 AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $3) AS "
    "uses "
    "ORDER BY email COLLATE \"C\", place COLLATE \"C\", invited LIMIT $4"};

awaitable<std::vector<RoleUse>> uses_of_role(db::Transaction& tx, OrgId org_id, std::string key, UnixMillis now,
                                             std::size_t limit) {
    const auto rows = co_await tx.run(uses_of_role_sql, org_id, key, db::Time{now}, limit);
    std::vector<RoleUse> found;
    for (const auto row : rows) found.push_back({row.string(0), row.string(1), row.boolean(2)});
    co_return found;
}

constexpr db::Statement places_of_role_sql{
    "places_of_role",
    "SELECT '' AS project_key, '' AS env_key FROM memberships WHERE org_id = $1 AND role = $2 "
    "UNION SELECT '', '' FROM invitations WHERE org_id = $1 AND role = $2 AND used_at IS NULL "
    "AND withdrawn_at IS NULL AND expires_at > $3 "
    "UNION SELECT p.key, coalesce(e.key, '') FROM role_assignments a JOIN projects p USING (project_id) "
    "LEFT JOIN environments e ON e.env_id = a.env_id WHERE a.org_id = $1 AND a.role = $2"};

awaitable<std::vector<RolePlace>> places_of_role(db::Transaction& tx, OrgId org_id, std::string key, UnixMillis now) {
    const auto rows = co_await tx.run(places_of_role_sql, org_id, key, db::Time{now});
    std::vector<RolePlace> found;
    for (const auto row : rows) found.push_back({row.string(0), row.string(1)});
    co_return found;
}

}  // namespace fanion::cp::access
