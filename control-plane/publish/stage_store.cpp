#include "control-plane/publish/stage_store.hpp"

#include <stdexcept>
#include <utility>

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

StageState to_state(std::string_view name) {
    if (const auto state = parse_stage_state(name)) return *state;
    throw std::logic_error("staged_versions holds the unknown state '" + std::string(name) + "'");
}

Stage to_stage(db::Row row) {
    Stage stage;
    stage.version = {row.u64(0), row.u64(1)};
    stage.state = to_state(row.text(2));
    const auto without_canaries = projects::parse_without_canaries(row.text(6));
    if (!without_canaries) throw std::logic_error("staged_versions holds an unknown without_canaries");
    stage.settings = {row.string(3), static_cast<int>(row.i64(4)), static_cast<int>(row.i64(5)), *without_canaries};
    stage.base = {row.u64(7), row.u64(8)};
    stage.begun_at = row.time(9);
    stage.held_since = row.time(10);
    stage.ended_at = row.optional_time(11);
    stage.reason = row.string(12);
    stage.detail = row.string(13);
    stage.actor_kind = row.string(14);
    stage.actor_id = row.string(15);
    if (!row.is_null(16)) stage.next = wire::Version{row.u64(16), row.u64(17)};
    stage.kept = row.texts(18);
    return stage;
}

std::optional<Stage> first_stage(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return to_stage(rows[0]);
}

}  // namespace

constexpr db::Statement find_held_sql{
    "find_held",
    "SELECT epoch, version, state, label, soak_seconds, hold_seconds, without_canaries, base_epoch, base_version, "
    "begun_at, held_since, ended_at, reason, detail, actor_kind, actor_id, next_epoch, next_version, "
    "kept FROM staged_versions WHERE env_id = $1 AND state = 'held'"};

awaitable<std::optional<Stage>> find_held(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(find_held_sql, env_id);
    co_return first_stage(rows);
}

constexpr db::Statement find_stage_sql{
    "find_stage",
    "SELECT epoch, version, state, label, soak_seconds, hold_seconds, without_canaries, base_epoch, base_version, "
    "begun_at, held_since, ended_at, reason, detail, actor_kind, actor_id, next_epoch, next_version, "
    "kept FROM staged_versions WHERE env_id = $1 AND epoch = $2 AND version = $3"};

awaitable<std::optional<Stage>> find_stage(db::Transaction& tx, access::EnvironmentId env_id, wire::Version version) {
    const auto rows = co_await tx.run(find_stage_sql, env_id, version.epoch, version.number);
    co_return first_stage(rows);
}

constexpr db::Statement hold_version_sql{
    "hold_version",
    "WITH noted AS (UPDATE environments SET released_epoch = $5, released_version = $6 WHERE env_id = $1) "
    "INSERT INTO staged_versions (env_id, org_id, epoch, version, state, label, soak_seconds, hold_seconds, "
    "  without_canaries, base_epoch, base_version, begun_at, held_since) "
    "SELECT $1, $2, $3, $4, 'held', coalesce($7::text, f.label), coalesce($8::integer, f.soak_seconds), "
    "  coalesce($9::integer, f.hold_seconds), coalesce($10::text, f.without_canaries), $5, $6, now(), "
    "coalesce(f.held_since, now()) "
    "FROM (SELECT 1) AS one LEFT JOIN staged_versions f ON f.env_id = $1 AND f.state = 'held'"};

constexpr db::Statement replace_held_sql{"replace_held",
                                         "UPDATE staged_versions SET state = 'replaced', ended_at = now() "
                                         "WHERE env_id = $1 AND state = 'held' AND (epoch, version) < ($2, $3)"};

void hold_version(db::Transaction& tx, const projects::Environment& env, wire::Version version, wire::Version base) {
    std::optional<std::string> label, without_canaries;
    std::optional<int> soak, hold;
    if (env.staging) {
        label = env.staging->label;
        without_canaries = projects::name_of(env.staging->without_canaries);
        soak = env.staging->soak_seconds;
        hold = env.staging->hold_seconds;
    }
    tx.post(hold_version_sql, env.env_id, env.org_id, version.epoch, version.number, base.epoch, base.number, label,
            soak, hold, without_canaries);
    tx.post(replace_held_sql, env.env_id, version.epoch, version.number);
}

constexpr db::Statement pass_beneath_sql{
    "pass_beneath",
    "WITH noted AS (UPDATE environments SET released_epoch = $3, released_version = $4 WHERE env_id = $1) "
    "INSERT INTO staged_versions (env_id, org_id, epoch, version, state, begun_at, held_since, ended_at) "
    "VALUES ($1, $2, $3, $4, 'beneath', now(), now(), now())"};

void pass_beneath(db::Transaction& tx, const projects::Environment& env, wire::Version version) {
    tx.post(pass_beneath_sql, env.env_id, env.org_id, version.epoch, version.number);
}

constexpr db::Statement end_hold_sql{
    "end_hold",
    "WITH noted AS (UPDATE environments SET released_epoch = NULL, released_version = NULL WHERE env_id = $1) "
    "UPDATE staged_versions SET state = 'replaced', ended_at = now() WHERE env_id = $1 AND state = 'held'"};

void end_hold(db::Transaction& tx, const projects::Environment& env) { tx.post(end_hold_sql, env.env_id); }

// A replica reads what is released when it is told to read the environment again.
constexpr db::Statement end_stage_sql{
    "end_stage",
    "WITH noted AS (UPDATE environments SET released_epoch = NULL, released_version = NULL WHERE env_id = $1 "
    "  AND EXISTS (SELECT FROM staged_versions WHERE env_id = $1 AND epoch = $2 AND version = $3 AND state = 'held')), "
    "told AS (SELECT pg_notify('fanion_changes', $1)) "
    "UPDATE staged_versions SET state = $4, reason = $5, detail = $6, actor_kind = $7, actor_id = $8, "
    "  next_epoch = $9, next_version = $10, kept = $11, ended_at = now() "
    "FROM told WHERE env_id = $1 AND epoch = $2 AND version = $3 AND state = 'held'"};

awaitable<bool> end_stage(db::Transaction& tx, access::EnvironmentId env_id, wire::Version version, StageEnd end) {
    std::optional<std::uint64_t> next_epoch, next_number;
    if (end.next) {
        next_epoch = end.next->epoch;
        next_number = end.next->number;
    }
    const auto rows =
        co_await tx.run(end_stage_sql, env_id, version.epoch, version.number, name_of(end.state), end.reason,
                        end.detail, end.actor_kind, end.actor_id, next_epoch, next_number, end.kept);
    co_return rows.affected() == 1;
}

constexpr db::Statement database_time_sql{"database_time", "SELECT clock_timestamp()"};

awaitable<UnixMillis> database_time(db::Transaction& tx) {
    const auto rows = co_await tx.run(database_time_sql);
    co_return rows[0].time(0);
}

constexpr db::Statement feed_stages_sql{
    "feed_stages", "SELECT epoch, version, state, label, base_epoch, base_version FROM feed_stages($1, $2, $3)"};

awaitable<std::vector<FeedStage>> feed_stages(db::Transaction& tx, access::EnvironmentId env_id, wire::Version from) {
    const auto rows = co_await tx.run(feed_stages_sql, env_id, from.epoch, from.number);
    std::vector<FeedStage> found;
    for (const auto row : rows)
        found.push_back({{row.u64(0), row.u64(1)}, to_state(row.text(2)), row.string(3), {row.u64(4), row.u64(5)}});
    co_return found;
}

constexpr db::Statement held_versions_sql{
    "held_versions",
    "SELECT env_id, org_id, project_id, project_key, env_key, epoch, version, is_newest FROM "
    "held_versions()"};

awaitable<std::vector<HeldVersion>> held_versions(db::Transaction& tx) {
    const auto rows = co_await tx.run(held_versions_sql);
    std::vector<HeldVersion> found;
    for (const auto row : rows)
        found.push_back({access::EnvironmentId(row.string(0)),
                         access::OrgId(row.string(1)),
                         access::ProjectId(row.string(2)),
                         row.string(3),
                         row.string(4),
                         {row.u64(5), row.u64(6)},
                         row.boolean(7)});
    co_return found;
}

}  // namespace fanion::cp::publish
