#include "control-plane/db/maintenance.hpp"

#include "control-plane/db/pool.hpp"

namespace fanion::cp::db {

namespace {

constexpr Statement purge_statement{"purge_expired", "SELECT purge_expired()"};

constexpr Statement purge_counts_statement{"purge_counts", "SELECT purge_counts($1, $2)"};
constexpr int rows_at_once = 5'000;
constexpr int most_rounds = 10'000;  // the rest is deleted next time

constexpr Statement purge_versions_statement{"purge_versions", "SELECT purge_versions($1, $2)"};

}  // namespace

boost::asio::awaitable<void> purge_expired(Pool& pool) {
    auto scope = Scope::none();
    co_await pool.run_once(std::move(scope), purge_statement);
}

boost::asio::awaitable<void> purge_counts(Pool& pool, unsigned days) {
    if (days == 0) co_return;
    for (int round = 0; round < most_rounds; ++round) {
        auto scope = Scope::none();
        const auto rows = co_await pool.run_once(std::move(scope), purge_counts_statement, days, rows_at_once);
        if (rows[0].u64(0) == 0) co_return;
    }
}

boost::asio::awaitable<void> purge_versions(Pool& pool, unsigned days, unsigned at_most) {
    auto scope = Scope::none();
    co_await pool.run_once(std::move(scope), purge_versions_statement, at_most, days);
}

}  // namespace fanion::cp::db
