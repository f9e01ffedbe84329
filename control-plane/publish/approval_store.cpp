#include "control-plane/publish/approval_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

constexpr db::Statement approvals_of_sql{"approvals_of",
                                         "SELECT required FROM environment_approvals WHERE env_id = $1"};

awaitable<unsigned> approvals_of(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(approvals_of_sql, env_id);
    co_return rows.empty() ? 0U : static_cast<unsigned>(rows[0].u64(0));
}

constexpr db::Statement set_approvals_sql{
    "set_approvals",
    "INSERT INTO environment_approvals (env_id, org_id, required) VALUES ($1, $2, $3) "
    "ON CONFLICT (env_id) DO UPDATE SET required = EXCLUDED.required"};

awaitable<void> set_approvals(db::Transaction& tx, const projects::LockedEnvironment& env, unsigned approvals) {
    co_await tx.run(set_approvals_sql, env.env_id, env.org_id, approvals);
}

}  // namespace fanion::cp::publish
