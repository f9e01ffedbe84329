#include "control-plane/lifecycle/pending_store.hpp"

namespace fanion::cp::lifecycle {

using boost::asio::awaitable;

// Changes are kept as {"changes":[..]}, each a request to another route: projects/PROJECT/flags/FLAG, or what is below it.
constexpr db::Statement list_pending_changes_sql{
    "list_pending_changes",
    "WITH kept AS ("
    "SELECT env_id, request_id AS id, 'request' AS kind, c ->> 'path' AS path FROM change_requests "
    "CROSS JOIN LATERAL json_array_elements(changes::json -> 'changes') c WHERE env_id = ANY($1) AND state = 'open' "
    "UNION ALL SELECT env_id, schedule_id, 'schedule', c ->> 'path' FROM schedules "
    "CROSS JOIN LATERAL json_array_elements(change::json -> 'changes') c "
    "WHERE env_id = ANY($1) AND state IN ('active', 'paused') "
    "UNION ALL SELECT env_id, rollout_id, 'rollout', 'projects//flags/' || flag FROM rollouts "
    "WHERE env_id = ANY($1) AND ended_at IS NULL) "
    "SELECT env_id, split_part(path, '/', 4), count(DISTINCT id) FILTER (WHERE kind = 'request'), "
    "count(DISTINCT id) FILTER (WHERE kind = 'schedule'), count(DISTINCT id) FILTER (WHERE kind = 'rollout') "
    "FROM kept WHERE split_part(path, '/', 3) = 'flags' GROUP BY 1, 2"};

awaitable<std::vector<PendingChanges>> list_pending_changes(db::Transaction& tx,
                                                            std::vector<access::EnvironmentId> environments) {
    const auto rows = co_await tx.run(list_pending_changes_sql, environments);
    std::vector<PendingChanges> found;
    for (const auto row : rows)
        found.push_back({access::EnvironmentId(row.string(0)), row.string(1), row.u64(2), row.u64(3), row.u64(4)});
    co_return found;
}

}  // namespace fanion::cp::lifecycle
