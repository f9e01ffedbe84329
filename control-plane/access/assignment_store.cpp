#include "control-plane/access/assignment_store.hpp"

#include "control-plane/access/role_store.hpp"

namespace fanion::cp::access {
namespace {

using boost::asio::awaitable;

AssignedMember to_assigned(db::Row row) {
    return {UserId(row.string(0)), row.string(1), row.string(2), to_named_role(row, 3, 4), row.time(5), row.time(6)};
}

std::string env_text(const AssignmentPlace& place) { return place.env_id ? place.env_id->str() : std::string(); }

}  // namespace

constexpr db::Statement list_assigned_sql{
    "list_assigned",
    "SELECT u.user_id, u.email, m.name, a.role, r.permissions, a.created_at, a.updated_at FROM role_assignments a "
    "JOIN memberships m USING (org_id, user_id) JOIN users u USING (user_id) "
    "LEFT JOIN roles r ON r.org_id = a.org_id AND r.key = a.role "
    "WHERE a.org_id = $1 AND a.project_id = $2 AND coalesce(a.env_id, '') = $3 AND u.user_id COLLATE \"C\" > $4 "
    "ORDER BY u.user_id COLLATE \"C\" LIMIT $5"};

awaitable<std::vector<AssignedMember>> list_assigned(db::Transaction& tx, AssignmentPlace place, std::string after,
                                                     std::size_t limit) {
    const auto env = env_text(place);
    const auto rows = co_await tx.run(list_assigned_sql, place.org_id, place.project_id, env, after, limit);
    std::vector<AssignedMember> found;
    for (const auto row : rows) found.push_back(to_assigned(row));
    co_return found;
}

constexpr db::Statement find_assigned_sql{
    "find_assigned",
    "SELECT u.user_id, u.email, m.name, a.role, r.permissions, a.created_at, a.updated_at FROM role_assignments a "
    "JOIN memberships m USING (org_id, user_id) JOIN users u USING (user_id) "
    "LEFT JOIN roles r ON r.org_id = a.org_id AND r.key = a.role "
    "WHERE a.org_id = $1 AND a.project_id = $2 AND coalesce(a.env_id, '') = $3 AND a.user_id = $4"};

awaitable<std::optional<AssignedMember>> find_assigned(db::Transaction& tx, AssignmentPlace place, UserId user_id) {
    const auto env = env_text(place);
    const auto rows = co_await tx.run(find_assigned_sql, place.org_id, place.project_id, env, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_assigned(rows[0]);
}

constexpr db::Statement put_assignment_sql{
    "put_assignment",
    "INSERT INTO role_assignments AS a (org_id, user_id, project_id, env_id, role, created_at, updated_at) "
    "VALUES ($1, $2, $3, nullif($4, ''), $5, $6, $6) "
    "ON CONFLICT (org_id, user_id, project_id, coalesce(env_id, '')) DO UPDATE SET role = $5, updated_at = $6, "
    "by_group = false"};

awaitable<void> put_assignment(db::Transaction& tx, AssignmentPlace place, UserId user_id, std::string role,
                               UnixMillis now) {
    const auto env = env_text(place);
    co_await tx.run(put_assignment_sql, place.org_id, user_id, place.project_id, env, role, db::Time{now});
}

constexpr db::Statement remove_assignment_sql{"remove_assignment",
                                              "DELETE FROM role_assignments WHERE org_id = $1 AND project_id = $2 "
                                              "AND coalesce(env_id, '') = $3 AND user_id = $4"};

awaitable<void> remove_assignment(db::Transaction& tx, AssignmentPlace place, UserId user_id) {
    const auto env = env_text(place);
    co_await tx.run(remove_assignment_sql, place.org_id, place.project_id, env, user_id);
}

constexpr db::Statement share_access_sql{"share_access",
                                         "SELECT pg_advisory_xact_lock_shared(hashtextextended('access/' || $1, 0))"};
constexpr db::Statement lock_access_sql{"lock_access",
                                        "SELECT pg_advisory_xact_lock(hashtextextended('access/' || $1, 0))"};

awaitable<void> lock_access(db::Transaction& tx, OrgId org_id, AccessLock lock) {
    co_await tx.run(lock == AccessLock::shared ? share_access_sql : lock_access_sql, org_id);
}

constexpr db::Statement grants_of_member_sql{
    "grants_of_member",
    "SELECT g.project_key, g.env_key, g.role, r.permissions FROM ("
    "SELECT '' AS project_key, '' AS env_key, role FROM memberships WHERE org_id = $1 AND user_id = $2 "
    "UNION ALL SELECT p.key, coalesce(e.key, ''), a.role FROM role_assignments a JOIN projects p USING (project_id) "
    "LEFT JOIN environments e ON e.env_id = a.env_id WHERE a.org_id = $1 AND a.user_id = $2 "
    "AND (a.env_id IS NULL OR e.env_id IS NOT NULL)) AS g "
    "LEFT JOIN roles r ON r.org_id = $1 AND r.key = g.role "
    "ORDER BY g.project_key COLLATE \"C\", g.env_key COLLATE \"C\""};

awaitable<std::optional<Grants>> grants_of_member(db::Transaction& tx, OrgId org_id, UserId user_id) {
    const auto rows = co_await tx.run(grants_of_member_sql, org_id, user_id);
    if (rows.empty()) co_return std::nullopt;
    std::vector<Assignment> assignments;
    for (const auto row : rows) {
        if (row.text(0).empty()) continue;
        assignments.push_back({row.string(0), row.string(1), to_named_role(row, 2, 3)});
    }
    co_return Grants(to_named_role(rows[0], 2, 3), std::move(assignments));
}

}  // namespace fanion::cp::access
