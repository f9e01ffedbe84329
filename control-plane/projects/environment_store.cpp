#include "control-plane/projects/environment_store.hpp"

#include <stdexcept>

#include "common/base/ids.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

StagingSettings to_staging(db::Row row) {
    const auto without_canaries = parse_without_canaries(row.text(24));
    if (!without_canaries) throw std::logic_error("environments holds an unknown without_canaries");
    return {row.string(21), static_cast<int>(row.i64(22)), static_cast<int>(row.i64(23)), *without_canaries};
}

Environment to_environment(db::Row row) {
    Environment e;
    e.env_id = access::EnvironmentId(row.string(0));
    e.org_id = access::OrgId(row.string(1));
    e.org_key = row.string(2);
    e.project_id = access::ProjectId(row.string(3));
    e.project_key = row.string(4);
    e.key = row.string(5);
    e.name = row.string(6);
    e.is_protected = row.boolean(7);
    e.position = static_cast<int>(row.i64(8));
    e.version = {row.u64(9), row.u64(10)};
    e.root = row.optional_sha256(11);
    e.manifest_sha256 = row.optional_sha256(12);
    e.created_at = row.time(13);
    e.updated_at = row.time(14);
    e.description = row.string(15);
    e.colour = row.string(16);
    e.deleted_at = row.optional_time(17);
    const auto confirmation = parse_confirmation(row.text(18));
    if (!confirmation) throw std::logic_error("environments holds an unknown confirmation");
    e.confirmation = *confirmation;
    e.is_comment_required = row.boolean(19);
    e.required_approvals = static_cast<unsigned>(row.u64(20));
    if (!row.is_null(21)) e.staging = to_staging(row);
    if (!row.is_null(25)) e.released = wire::Version{row.u64(25), row.u64(26)};
    return e;
}

}  // namespace

constexpr db::Statement list_environments_sql{
    "list_environments",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE e.project_id = $1 ORDER BY e.position, e.key COLLATE \"C\""};

awaitable<std::vector<Environment>> list_environments(db::Transaction& tx, access::ProjectId project_id) {
    const auto rows = co_await tx.run(list_environments_sql, project_id);
    std::vector<Environment> found;
    for (const auto row : rows) found.push_back(to_environment(row));
    co_return found;
}

constexpr db::Statement list_environments_of_sql{
    "list_environments_of",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE e.project_id = ANY($1) ORDER BY e.project_id, e.position, e.key COLLATE \"C\""};

awaitable<std::vector<Environment>> list_environments_of(db::Transaction& tx,
                                                         std::vector<access::ProjectId> project_ids) {
    const auto rows = co_await tx.run(list_environments_of_sql, project_ids);
    std::vector<Environment> found;
    for (const auto row : rows) found.push_back(to_environment(row));
    co_return found;
}

constexpr db::Statement find_environment_sql{
    "find_environment",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE e.project_id = $1 AND e.key = $2"};

awaitable<std::optional<Environment>> find_environment(db::Transaction& tx, access::ProjectId project_id,
                                                       std::string key) {
    const auto rows = co_await tx.run(find_environment_sql, project_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_environment(rows[0]);
}

constexpr db::Statement lock_environments_sql{
    "lock_environments",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE e.project_id = $1 ORDER BY e.env_id FOR UPDATE OF e"};

awaitable<std::vector<LockedEnvironment>> lock_environments(db::Transaction& tx, access::ProjectId project_id) {
    const auto rows = co_await tx.run(lock_environments_sql, project_id);
    std::vector<LockedEnvironment> found;
    for (const auto row : rows) found.push_back({to_environment(row)});
    co_return found;
}

constexpr db::Statement lock_environment_sql{
    "lock_environment",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE e.project_id = $1 AND e.key = $2 FOR UPDATE OF e"};

awaitable<std::optional<LockedEnvironment>> lock_environment(db::Transaction& tx, access::ProjectId project_id,
                                                             std::string key) {
    const auto rows = co_await tx.run(lock_environment_sql, project_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return LockedEnvironment{to_environment(rows[0])};
}

constexpr db::Statement lock_environment_at_sql{
    "lock_environment_at",
    "SELECT e.env_id, e.org_id, o.key, e.project_id, p.key, e.key, e.name, e.protected, e.position, e.epoch, "
    "e.version, e.root, e.manifest_sha256, e.created_at, e.updated_at, e.description, e.colour, e.deleted_at, "
    "e.confirmation, e.comment_required, e.required_approvals, e.staging_label, e.soak_seconds, e.hold_seconds, "
    "e.without_canaries, e.released_epoch, e.released_version "
    "FROM environments e JOIN orgs o USING (org_id) JOIN projects p USING (project_id) "
    "WHERE p.org_id = $1 AND p.key = $2 AND e.key = $3 FOR UPDATE OF e"};

awaitable<std::optional<LockedEnvironment>> lock_environment_at(db::Transaction& tx, access::OrgId org_id,
                                                                std::string project, std::string key) {
    const auto rows = co_await tx.run(lock_environment_at_sql, org_id, project, key);
    if (rows.empty()) co_return std::nullopt;
    co_return LockedEnvironment{to_environment(rows[0])};
}

constexpr db::Statement insert_environment_sql{
    "insert_environment",
    "INSERT INTO environments (env_id, org_id, project_id, key, name, description, protected, colour, position, "
    "confirmation, comment_required) "
    "SELECT $1, $2, $3, $4, $5, $6, $7::boolean, $8, CASE WHEN $9::boolean THEN $10::integer "
    "ELSE least(coalesce(max(position) + 1, 0), $11::integer) END, $12, $13::boolean FROM environments WHERE "
    "project_id = $3 "
    "ON CONFLICT (project_id, key) DO NOTHING"};

awaitable<std::optional<LockedEnvironment>> insert_environment(db::Transaction& tx, access::OrgId org_id,
                                                               access::ProjectId project_id, NewEnvironment made) {
    const auto& settings = made.settings;
    const auto inserted =
        co_await tx.run(insert_environment_sql, random_id("e_", 10), org_id, project_id, made.key, settings.name,
                        settings.description, settings.is_protected, settings.colour, made.is_placed, settings.order,
                        last_position, name_of(settings.confirmation), settings.is_comment_required);
    if (inserted.affected() == 0) co_return std::nullopt;
    auto env = co_await lock_environment(tx, project_id, made.key);
    if (!settings.staging) co_return env;
    env->staging = settings.staging;
    co_await update_environment(tx, *env);
    co_return env;
}

constexpr db::Statement update_environment_sql{
    "update_environment",
    "UPDATE environments SET name = $2, description = $3, protected = $4, position = $5, colour = $6, updated_at = $7, "
    "confirmation = $8, comment_required = $9, required_approvals = $10, staging_label = $11, soak_seconds = $12, "
    "hold_seconds = $13, without_canaries = $14 WHERE env_id = $1"};

awaitable<void> update_environment(db::Transaction& tx, const LockedEnvironment& environment) {
    const auto& e = environment;
    const auto staging = e.staging.value_or(StagingSettings());
    const auto label = e.staging ? std::optional(staging.label) : std::nullopt;
    co_await tx.run(update_environment_sql, e.env_id, e.name, e.description, e.is_protected, e.position, e.colour,
                    db::Time{e.updated_at}, name_of(e.confirmation), e.is_comment_required,
                    std::uint64_t{e.required_approvals}, label, staging.soak_seconds, staging.hold_seconds,
                    name_of(staging.without_canaries));
}

}  // namespace fanion::cp::projects
