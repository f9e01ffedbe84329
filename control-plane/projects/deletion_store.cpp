#include "control-plane/projects/deletion_store.hpp"

#include "control-plane/access/role_store.hpp"

namespace fanion::cp::projects {

using boost::asio::awaitable;

constexpr db::Statement show_deleted_sql{"show_deleted", "SELECT set_config('fanion.deleted', 'shown', true)"};

awaitable<void> show_deleted(db::Transaction& tx) { co_await tx.run(show_deleted_sql); }

namespace {

Contents to_contents(db::Row row) { return {row.u64(0), row.u64(1), row.u64(2), row.u64(3), row.u64(4)}; }

}  // namespace

constexpr db::Statement contents_of_org_sql{
    "contents_of_org",
    "WITH p AS (SELECT project_id FROM projects WHERE org_id = $1 AND deleted_at IS NULL) "
    "SELECT (SELECT count(*) FROM p), "
    "(SELECT count(*) FROM environments WHERE org_id = $1 AND deleted_at IS NULL), "
    "(SELECT count(*) FROM flags JOIN p USING (project_id) WHERE deleted_at IS NULL), "
    "(SELECT count(*) FROM segments JOIN p USING (project_id) WHERE deleted_at IS NULL), "
    "(SELECT count(*) FROM api_keys WHERE org_id = $1 AND revoked_at IS NULL AND (not_after IS NULL OR not_after > "
    "$2))"};

awaitable<Contents> contents_of_org(db::Transaction& tx, access::OrgId org_id, UnixMillis now) {
    const auto rows = co_await tx.run(contents_of_org_sql, org_id, db::Time{now});
    co_return to_contents(rows[0]);
}

constexpr db::Statement contents_of_project_sql{
    "contents_of_project",
    "SELECT 0, (SELECT count(*) FROM environments WHERE project_id = $1 AND deleted_at IS NULL), "
    "(SELECT count(*) FROM flags WHERE project_id = $1 AND deleted_at IS NULL), "
    "(SELECT count(*) FROM segments WHERE project_id = $1 AND deleted_at IS NULL), "
    "(SELECT count(*) FROM api_keys WHERE project_id = $1 AND revoked_at IS NULL "
    "AND (not_after IS NULL OR not_after > $2))"};

awaitable<Contents> contents_of_project(db::Transaction& tx, access::ProjectId project_id, UnixMillis now) {
    const auto rows = co_await tx.run(contents_of_project_sql, project_id, db::Time{now});
    co_return to_contents(rows[0]);
}

constexpr db::Statement delete_environment_sql{"delete_environment",
                                               "UPDATE environments SET deleted_at = $2 WHERE env_id = $1"};

awaitable<void> delete_environment(db::Transaction& tx, const LockedEnvironment& environment, UnixMillis now) {
    co_await tx.run(delete_environment_sql, environment.env_id, db::Time{now});
}

constexpr db::Statement delete_project_sql{
    "delete_project",
    "WITH within AS (UPDATE environments SET deleted_at = $2, deleted_with_parent = true "
    "WHERE project_id = $1 AND deleted_at IS NULL) UPDATE projects SET deleted_at = $2 WHERE project_id = $1"};

awaitable<void> delete_project(db::Transaction& tx, access::ProjectId project_id, UnixMillis now) {
    co_await tx.run(delete_project_sql, project_id, db::Time{now});
}

constexpr db::Statement lock_org_projects_sql{
    "lock_org_projects", "SELECT FROM projects WHERE org_id = $1 ORDER BY project_id FOR NO KEY UPDATE"};
constexpr db::Statement lock_org_environments_sql{
    "lock_org_environments", "SELECT FROM environments WHERE org_id = $1 ORDER BY env_id FOR UPDATE"};
constexpr db::Statement delete_org_sql{
    "delete_org", "UPDATE orgs SET deleted_at = $2 WHERE org_id = $1 AND version = $3 AND deleted_at IS NULL"};
constexpr db::Statement delete_within_org_sql{
    "delete_within_org",
    "WITH p AS (UPDATE projects SET deleted_at = $2, deleted_with_parent = true "
    "WHERE org_id = $1 AND deleted_at IS NULL) "
    "UPDATE environments SET deleted_at = $2, deleted_with_parent = true WHERE org_id = $1 AND deleted_at IS NULL"};

awaitable<bool> delete_org(db::Transaction& tx, access::OrgId org_id, std::uint64_t version, UnixMillis now) {
    const db::Time at{now};
    co_await tx.run(lock_org_projects_sql, org_id);
    co_await tx.run(lock_org_environments_sql, org_id);
    const auto deleted = co_await tx.run(delete_org_sql, org_id, at, version);
    // What was created before this had the organisation's row is seen by a statement that begins only now.
    co_await tx.run(delete_within_org_sql, org_id, at);
    co_return deleted.affected() > 0;
}

constexpr db::Statement deleted_environment_keys_sql{
    "deleted_environment_keys",
    "SELECT key FROM environments WHERE project_id = $1 AND deleted_at > $2 AND NOT deleted_with_parent "
    "ORDER BY position, key COLLATE \"C\""};

awaitable<std::vector<Environment>> list_deleted_environments(db::Transaction& tx, access::ProjectId project_id,
                                                              UnixMillis since) {
    const auto rows = co_await tx.run(deleted_environment_keys_sql, project_id, db::Time{since});
    std::vector<Environment> found;
    for (const auto row : rows) {
        auto environment = co_await find_environment(tx, project_id, row.string(0));
        if (environment) found.push_back(std::move(*environment));
    }
    co_return found;
}

constexpr db::Statement deleted_environment_sql{
    "deleted_environment",
    "SELECT FROM environments WHERE project_id = $1 AND key = $2 AND deleted_at > $3 AND NOT deleted_with_parent "
    "FOR UPDATE"};

awaitable<std::optional<LockedEnvironment>> lock_deleted_environment(db::Transaction& tx, access::ProjectId project_id,
                                                                     std::string key, UnixMillis since) {
    const auto rows = co_await tx.run(deleted_environment_sql, project_id, key, db::Time{since});
    if (rows.empty()) co_return std::nullopt;
    co_return co_await lock_environment(tx, project_id, key);
}

constexpr db::Statement count_environments_sql{"count_environments",
                                               "SELECT count(*) FROM environments WHERE project_id = $1"};

awaitable<std::uint64_t> count_environments(db::Transaction& tx, access::ProjectId project_id) {
    co_await show_deleted(tx);
    const auto rows = co_await tx.run(count_environments_sql, project_id);
    co_return rows[0].u64(0);
}

constexpr db::Statement restore_environment_sql{"restore_environment",
                                                "UPDATE environments SET deleted_at = NULL WHERE env_id = $1"};

awaitable<void> restore_environment(db::Transaction& tx, access::EnvironmentId env_id) {
    co_await tx.run(restore_environment_sql, env_id);
}

constexpr db::Statement restore_project_sql{
    "restore_project",
    "WITH within AS (UPDATE environments SET deleted_at = NULL, deleted_with_parent = false "
    "WHERE project_id = $1 AND deleted_with_parent) UPDATE projects SET deleted_at = NULL WHERE project_id = $1"};

awaitable<void> restore_project(db::Transaction& tx, access::ProjectId project_id) {
    co_await tx.run(restore_project_sql, project_id);
}

// A project that was deleted before its organisation keeps its environments.
constexpr db::Statement restore_org_sql{
    "restore_org",
    "WITH o AS (UPDATE orgs SET deleted_at = NULL WHERE org_id = $1 AND deleted_at > $2 RETURNING org_id), "
    "p AS (UPDATE projects SET deleted_at = NULL, deleted_with_parent = false FROM o "
    "WHERE projects.org_id = o.org_id AND deleted_with_parent RETURNING project_id), "
    "e AS (UPDATE environments SET deleted_at = NULL, deleted_with_parent = false FROM p "
    "WHERE environments.project_id = p.project_id AND deleted_with_parent) "
    "SELECT FROM o"};

awaitable<bool> restore_org(db::Transaction& tx, access::OrgId org_id, UnixMillis since) {
    const auto rows = co_await tx.run(restore_org_sql, org_id, db::Time{since});
    co_return !rows.empty();
}

constexpr db::Statement deleted_orgs_of_user_sql{
    "deleted_orgs_of_user", "SELECT org_id, key, name, deleted_at, role, permissions FROM deleted_orgs_of_user($1)"};

awaitable<std::vector<DeletedOrg>> deleted_orgs_of_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(deleted_orgs_of_user_sql, user_id);
    std::vector<DeletedOrg> found;
    for (const auto row : rows) {
        found.push_back({access::OrgId(row.string(0)), row.string(1), row.string(2), access::to_named_role(row, 4, 5),
                         row.time(3)});
    }
    co_return found;
}

constexpr db::Statement purge_deleted_sql{"purge_deleted", "SELECT purge_deleted($1, $2)"};

awaitable<std::uint64_t> purge_deleted(db::Transaction& tx, UnixMillis before, int at_most) {
    const auto rows = co_await tx.run(purge_deleted_sql, db::Time{before}, at_most);
    co_return rows[0].u64(0);
}

}  // namespace fanion::cp::projects
