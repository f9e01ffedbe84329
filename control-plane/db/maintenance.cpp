#include "control-plane/db/maintenance.hpp"

#include "control-plane/db/pool.hpp"

namespace fanion::cp::db {

namespace {

constexpr Statement purge_statement{"purge_expired", "SELECT purge_expired()"};

constexpr Statement purge_history_statement{"purge_history", "SELECT purge_history($1, $2, $3)"};
constexpr int rows_at_once = 5'000;
constexpr int most_rounds = 10'000;  // the rest is deleted next time

constexpr Statement purge_versions_statement{"purge_versions", "SELECT purge_versions($1, $2)"};

}  // namespace

boost::asio::awaitable<void> purge_expired(Pool& pool) {
    auto scope = Scope::none();
    co_await pool.run_once(std::move(scope), purge_statement);
}

boost::asio::awaitable<void> purge_history(Pool& pool, Retention retention) {
    if (retention.audit_days == 0 && retention.counts_days == 0) co_return;
    for (int round = 0; round < most_rounds; ++round) {
        auto scope = Scope::none();
        const auto rows = co_await pool.run_once(std::move(scope), purge_history_statement, retention.audit_days,
                                                 retention.counts_days, rows_at_once);
        if (rows[0].u64(0) == 0) co_return;
    }
}

boost::asio::awaitable<void> purge_versions(Pool& pool, Retention retention, unsigned at_most) {
    auto scope = Scope::none();
    co_await pool.run_once(std::move(scope), purge_versions_statement, at_most, retention.ruleset_days);
}

}  // namespace fanion::cp::db
