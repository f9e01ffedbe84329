#include "control-plane/projects/project_store.hpp"

#include "common/base/ids.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

Project to_project(db::Row row) {
    return {access::ProjectId(row.string(0)),
            row.string(1),
            row.string(2),
            row.string(6),
            row.u64(3),
            row.time(4),
            row.time(5),
            row.optional_time(7)};
}

std::optional<Project> first(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_project(rows[0]);
}

}  // namespace

constexpr db::Statement list_projects_sql{
    "list_projects",
    "SELECT project_id, key, name, version, created_at, updated_at, description, deleted_at FROM projects "
    "WHERE org_id = $1 AND key COLLATE \"C\" > $2 "
    "AND (key = ANY ($4::text[])) <> $5::boolean "
    "ORDER BY key COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<Project>> list_projects(db::Transaction& tx, access::OrgId org_id, access::Selection selected,
                                              std::string after, std::size_t limit) {
    const auto rows = co_await tx.run(list_projects_sql, org_id, after, limit, selected.except, selected.is_all);
    std::vector<Project> found;
    for (const auto row : rows) found.push_back(to_project(row));
    co_return found;
}

constexpr db::Statement find_project_sql{"find_project",
                                         "SELECT project_id, key, name, version, created_at, updated_at, description, "
                                         "deleted_at FROM projects WHERE org_id = $1 AND key = $2"};

awaitable<std::optional<Project>> find_project(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(find_project_sql, org_id, key);
    co_return first(rows);
}

constexpr db::Statement lock_project_sql{
    "lock_project",
    "SELECT project_id, key, name, version, created_at, updated_at, description, deleted_at FROM projects "
    "WHERE org_id = $1 AND key = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<Project>> lock_project(db::Transaction& tx, access::OrgId org_id, std::string key) {
    const auto rows = co_await tx.run(lock_project_sql, org_id, key);
    co_return first(rows);
}

constexpr db::Statement list_deleted_projects_sql{
    "list_deleted_projects",
    "SELECT project_id, key, name, version, created_at, updated_at, description, deleted_at FROM projects "
    "WHERE org_id = $1 AND deleted_at > $6 AND NOT deleted_with_parent AND key COLLATE \"C\" > $2 "
    "AND (key = ANY ($4::text[])) <> $5::boolean ORDER BY key COLLATE \"C\" LIMIT $3"};

awaitable<std::vector<Project>> list_deleted_projects(db::Transaction& tx, access::OrgId org_id,
                                                      access::Selection selected, std::string after, std::size_t limit,
                                                      UnixMillis since) {
    const auto rows = co_await tx.run(list_deleted_projects_sql, org_id, after, limit, selected.except, selected.is_all,
                                      db::Time{since});
    std::vector<Project> found;
    for (const auto row : rows) found.push_back(to_project(row));
    co_return found;
}

constexpr db::Statement lock_deleted_project_sql{
    "lock_deleted_project",
    "SELECT project_id, key, name, version, created_at, updated_at, description, deleted_at FROM projects "
    "WHERE org_id = $1 AND key = $2 AND deleted_at > $3 AND NOT deleted_with_parent FOR NO KEY UPDATE"};

awaitable<std::optional<Project>> lock_deleted_project(db::Transaction& tx, access::OrgId org_id, std::string key,
                                                       UnixMillis since) {
    const auto rows = co_await tx.run(lock_deleted_project_sql, org_id, key, db::Time{since});
    co_return first(rows);
}

constexpr db::Statement insert_project_sql{
    "insert_project",
    "INSERT INTO projects (project_id, org_id, key, name, description) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (org_id, key) DO NOTHING "
    "RETURNING project_id, key, name, version, created_at, updated_at, description, deleted_at"};

awaitable<std::optional<Project>> insert_project(db::Transaction& tx, access::OrgId org_id, NewProject made) {
    const auto rows = co_await tx.run(insert_project_sql, random_id("p_"), org_id, made.key, made.settings.name,
                                      made.settings.description);
    co_return first(rows);
}

constexpr db::Statement update_project_sql{
    "update_project",
    "UPDATE projects SET name = $2, description = $3, version = $4, updated_at = $5 WHERE project_id = $1"};

awaitable<void> update_project(db::Transaction& tx, const Project& project) {
    co_await tx.run(update_project_sql, project.project_id, project.name, project.description, project.version,
                    db::Time{project.updated_at});
}

}  // namespace fanion::cp::projects
