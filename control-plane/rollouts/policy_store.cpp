#include "control-plane/rollouts/policy_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

Policy to_policy(db::Row row) {
    Policy policy;
    policy.key = row.string(0);
    policy.rules = read_stored_rules(row.text(1));
    policy.created_by = row.string(2);
    policy.created_at = row.time(3);
    policy.updated_at = row.time(4);
    policy.version = row.u64(5);
    return policy;
}

}  // namespace

constexpr db::Statement list_policies_sql{
    "list_rollout_policies",
    "SELECT key, rules, created_by, created_at, updated_at, version FROM rollout_policies "
    "WHERE project_id = $1 AND key > $2 ORDER BY key LIMIT $3"};

awaitable<std::vector<Policy>> list_policies(db::Transaction& tx, access::ProjectId project_id, std::string after,
                                             std::size_t limit) {
    const auto rows = co_await tx.run(list_policies_sql, project_id, after, limit);
    std::vector<Policy> found;
    for (const auto row : rows) found.push_back(to_policy(row));
    co_return found;
}

constexpr db::Statement count_policies_sql{"count_rollout_policies",
                                           "SELECT count(*) FROM rollout_policies WHERE project_id = $1"};

awaitable<std::size_t> count_policies(db::Transaction& tx, access::ProjectId project_id) {
    const auto rows = co_await tx.run(count_policies_sql, project_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_policy_sql{
    "find_rollout_policy",
    "SELECT key, rules, created_by, created_at, updated_at, version FROM rollout_policies "
    "WHERE project_id = $1 AND key = $2"};

awaitable<std::optional<Policy>> find_policy(db::Transaction& tx, access::ProjectId project_id, std::string key) {
    const auto rows = co_await tx.run(find_policy_sql, project_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_policy(rows[0]);
}

constexpr db::Statement put_policy_sql{
    "put_rollout_policy",
    "INSERT INTO rollout_policies (org_id, project_id, key, rules, created_by, created_at, updated_at, version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (project_id, key) DO UPDATE "
    "SET rules = excluded.rules, updated_at = excluded.updated_at, version = excluded.version"};

awaitable<void> put_policy(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id, Policy policy) {
    const auto rules = rules_text(policy.rules);
    co_await tx.run(put_policy_sql, org_id, project_id, policy.key, rules, policy.created_by,
                    db::Time{policy.created_at}, db::Time{policy.updated_at}, policy.version);
}

constexpr db::Statement delete_policy_sql{"delete_rollout_policy",
                                          "DELETE FROM rollout_policies WHERE project_id = $1 AND key = $2"};

awaitable<void> delete_policy(db::Transaction& tx, access::ProjectId project_id, std::string key) {
    co_await tx.run(delete_policy_sql, project_id, key);
}

}  // namespace fanion::cp::rollouts
