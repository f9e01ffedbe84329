#include "control-plane/events/thinning.hpp"

#include "control-plane/events/series_store.hpp"

namespace fanion::cp::events {
namespace {

constexpr int counts_at_once = 5'000;
constexpr int most_transactions = 10'000;  // in one call
constexpr unsigned caller_days = 90;

}  // namespace

boost::asio::awaitable<void> thin_evaluations(db::Pool& pool, const Clock& clock) {
    for (int i = 0; i < most_transactions; ++i) {
        auto tx = co_await pool.begin(db::Scope::none());
        const auto thinned = co_await thin_counts(tx, clock.now(), counts_at_once);
        co_await tx.commit();
        if (thinned == 0) break;
    }
    auto tx = co_await pool.begin(db::Scope::none());
    co_await purge_evaluations(tx, caller_days);
    co_await tx.commit();
}

}  // namespace fanion::cp::events
