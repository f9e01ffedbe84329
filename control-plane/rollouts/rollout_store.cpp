#include "control-plane/rollouts/rollout_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

Rollout to_rollout(db::Row row) {
    Rollout rollout;
    rollout.rollout_id = RolloutId(row.string(0));
    rollout.env_id = access::EnvironmentId(row.string(1));
    rollout.environment = row.string(2);
    rollout.position = row.i64(3);
    rollout.plan = read_stored_plan(row.text(4));
    rollout.progress = read_stored_progress(row.text(5));
    rollout.attempt = row.u64(6);
    rollout.due_at = row.optional_time(7);
    rollout.looked_at = row.optional_time(8);
    rollout.last_evidence = row.string(9);
    rollout.decisions = row.u64(10);
    rollout.created_by = row.string(11);
    rollout.created_at = row.time(12);
    rollout.updated_at = row.time(13);
    rollout.ended_at = row.optional_time(14);
    rollout.version = row.u64(15);
    return rollout;
}

}  // namespace

constexpr db::Statement list_rollouts_sql{
    "list_rollouts",
    "SELECT r.rollout_id, r.env_id, e.key, r.position, r.plan, r.progress, r.attempt, r.due_at, r.looked_at, "
    "r.evidence, r.decisions, r.created_by, r.created_at, r.updated_at, r.ended_at, r.version "
    "FROM rollouts r JOIN environments e USING (org_id, env_id) "
    "WHERE r.env_id = $1 AND ($2::bigint = 0 OR r.position < $2) AND ($3 = '' OR r.flag = $3) "
    "AND ($4 = '' OR r.state = $4) ORDER BY r.position DESC LIMIT $5"};

awaitable<std::vector<Rollout>> list_rollouts(db::Transaction& tx, access::EnvironmentId env_id, RolloutPage page) {
    const auto rows = co_await tx.run(list_rollouts_sql, env_id, page.before, page.flag, page.state, page.limit);
    std::vector<Rollout> found;
    for (const auto row : rows) found.push_back(to_rollout(row));
    co_return found;
}

constexpr db::Statement find_rollout_sql{
    "find_rollout",
    "SELECT r.rollout_id, r.env_id, e.key, r.position, r.plan, r.progress, r.attempt, r.due_at, r.looked_at, "
    "r.evidence, r.decisions, r.created_by, r.created_at, r.updated_at, r.ended_at, r.version "
    "FROM rollouts r JOIN environments e USING (org_id, env_id) WHERE r.env_id = $1 AND r.rollout_id = $2"};

awaitable<std::optional<Rollout>> find_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                               RolloutId rollout_id) {
    const auto rows = co_await tx.run(find_rollout_sql, env_id, rollout_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_rollout(rows[0]);
}

constexpr db::Statement lock_rollout_sql{
    "lock_rollout", "SELECT FROM rollouts WHERE env_id = $1 AND rollout_id = $2 FOR NO KEY UPDATE"};

awaitable<std::optional<Rollout>> lock_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                               RolloutId rollout_id) {
    const auto rows = co_await tx.run(lock_rollout_sql, env_id, rollout_id);
    if (rows.empty()) co_return std::nullopt;
    co_return co_await find_rollout(tx, env_id, rollout_id);
}

constexpr db::Statement count_open_rollouts_sql{"count_open_rollouts",
                                                "SELECT count(*) FROM rollouts WHERE org_id = $1 AND ended_at IS NULL"};

awaitable<std::size_t> count_open_rollouts(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(count_open_rollouts_sql, org_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_open_rollout_sql{
    "find_open_rollout",
    "SELECT rollout_id FROM rollouts WHERE env_id = $1 AND flag = $2 AND rule = $3 AND ended_at IS NULL"};

awaitable<std::optional<RolloutId>> find_open_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                                      std::string flag, std::string rule) {
    const auto rows = co_await tx.run(find_open_rollout_sql, env_id, flag, rule);
    if (rows.empty()) co_return std::nullopt;
    co_return RolloutId(rows[0].string(0));
}

constexpr db::Statement count_attempts_sql{
    "count_rollout_attempts",
    "SELECT count(*) FROM rollouts WHERE env_id = $1 AND flag = $2 AND rule = $3 AND plan::json->>'from' = $4 "
    "AND plan::json->>'to' = $5"};

awaitable<std::uint64_t> count_attempts(db::Transaction& tx, access::EnvironmentId env_id, Plan plan) {
    const auto rows = co_await tx.run(count_attempts_sql, env_id, plan.flag, plan.rule, plan.from, plan.to);
    co_return rows[0].u64(0);
}

constexpr db::Statement insert_rollout_sql{
    "insert_rollout",
    "INSERT INTO rollouts (rollout_id, org_id, env_id, flag, rule, plan, progress, state, attempt, due_at, created_by, "
    "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) RETURNING position"};

awaitable<void> insert_rollout(db::Transaction& tx, access::OrgId org_id, Rollout& rollout) {
    const auto& plan = rollout.plan;
    const auto plan_json = plan_text(plan);
    const auto progress_json = progress_text(rollout.progress);
    const auto rows =
        co_await tx.run(insert_rollout_sql, rollout.rollout_id, org_id, rollout.env_id, plan.flag, plan.rule, plan_json,
                        progress_json, name_of(rollout.progress.state), rollout.attempt, db::to_time(rollout.due_at),
                        rollout.created_by, db::Time{rollout.created_at});
    rollout.position = rows[0].i64(0);
}

constexpr db::Statement update_rollout_sql{
    "update_rollout",
    "UPDATE rollouts SET progress = $2, state = $3, due_at = $4, looked_at = $5, evidence = $6, decisions = $7, "
    "updated_at = $8, ended_at = $9, version = $10, lease_seq = lease_seq + 1, lease_until = NULL "
    "WHERE rollout_id = $1"};

awaitable<void> update_rollout(db::Transaction& tx, const Rollout& rollout) {
    const auto progress_json = progress_text(rollout.progress);
    co_await tx.run(update_rollout_sql, rollout.rollout_id, progress_json, name_of(rollout.progress.state),
                    db::to_time(rollout.due_at), db::to_time(rollout.looked_at), rollout.last_evidence,
                    rollout.decisions, db::Time{rollout.updated_at}, db::to_time(rollout.ended_at), rollout.version);
}

constexpr db::Statement update_plan_sql{"update_rollout_plan", "UPDATE rollouts SET plan = $2 WHERE rollout_id = $1"};

awaitable<void> update_plan(db::Transaction& tx, RolloutId rollout_id, Plan plan) {
    const auto plan_json = plan_text(plan);
    co_await tx.run(update_plan_sql, rollout_id, plan_json);
}

constexpr db::Statement insert_decision_sql{
    "insert_rollout_decision",
    "INSERT INTO rollout_decisions (org_id, rollout_id, seq, at, action, reason, detail, step, evidence) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

awaitable<void> insert_decision(db::Transaction& tx, access::OrgId org_id, RolloutId rollout_id,
                                TakenDecision decision) {
    co_await tx.run(insert_decision_sql, org_id, rollout_id, decision.seq, db::Time{decision.at}, decision.action,
                    decision.reason, decision.detail, decision.step, decision.evidence);
}

constexpr db::Statement list_decisions_sql{
    "list_rollout_decisions",
    "SELECT seq, at, action, reason, detail, step, evidence FROM rollout_decisions WHERE rollout_id = $1 "
    "ORDER BY seq DESC LIMIT $2"};

awaitable<std::vector<TakenDecision>> list_decisions(db::Transaction& tx, RolloutId rollout_id, std::size_t limit) {
    const auto rows = co_await tx.run(list_decisions_sql, rollout_id, limit);
    std::vector<TakenDecision> found;
    for (const auto row : rows) {
        found.push_back(
            {row.u64(0), row.time(1), row.string(2), row.string(3), row.string(4), row.u64(5), row.string(6)});
    }
    co_return found;
}

constexpr db::Statement lease_rollouts_sql{
    "lease_rollouts", "SELECT org_id, rollout_id, lease_seq, environment_deleted FROM lease_rollouts($1, $2, $3)"};

awaitable<std::vector<LeasedRollout>> lease_rollouts(db::Pool& pool, UnixMillis now, UnixMillis until,
                                                     std::size_t at_most) {
    auto scope = db::Scope::none();
    const auto rows =
        co_await pool.run_once(std::move(scope), lease_rollouts_sql, db::Time{now}, db::Time{until}, at_most);
    std::vector<LeasedRollout> found;
    for (const auto row : rows) {
        found.push_back({access::OrgId(row.string(0)), RolloutId(row.string(1)), row.u64(2), row.boolean(3)});
    }
    co_return found;
}

constexpr db::Statement find_leased_sql{
    "find_leased_rollout",
    "SELECT r.env_id, p.project_id, p.key FROM rollouts r JOIN environments e USING (org_id, env_id) "
    "JOIN projects p USING (org_id, project_id) WHERE r.rollout_id = $1 AND r.lease_seq = $2"};

awaitable<std::optional<PlacedRollout>> find_leased(db::Transaction& tx, LeasedRollout leased) {
    const auto rows = co_await tx.run(find_leased_sql, leased.rollout_id, leased.lease_seq);
    if (rows.empty()) co_return std::nullopt;
    const access::EnvironmentId env_id(rows[0].string(0));
    auto rollout = co_await find_rollout(tx, env_id, leased.rollout_id);
    co_return PlacedRollout{std::move(*rollout), access::ProjectId(rows[0].string(1)), rows[0].string(2)};
}

constexpr db::Statement lock_leased_sql{
    "lock_leased_rollout", "SELECT FROM rollouts WHERE rollout_id = $1 AND lease_seq = $2 FOR NO KEY UPDATE"};

awaitable<bool> lock_leased(db::Transaction& tx, LeasedRollout leased) {
    const auto rows = co_await tx.run(lock_leased_sql, leased.rollout_id, leased.lease_seq);
    co_return !rows.empty();
}

constexpr db::Statement open_rollouts_sql{"open_rollouts", "SELECT state, n FROM open_rollouts()"};

awaitable<std::vector<std::pair<std::string, std::uint64_t>>> count_by_state(db::Pool& pool) {
    auto scope = db::Scope::none();
    const auto rows = co_await pool.run_once(std::move(scope), open_rollouts_sql);
    std::vector<std::pair<std::string, std::uint64_t>> found;
    for (const auto row : rows) found.emplace_back(row.string(0), row.u64(1));
    co_return found;
}

}  // namespace fanion::cp::rollouts
