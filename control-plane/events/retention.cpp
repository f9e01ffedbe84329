#include "control-plane/events/retention.hpp"

#include <exception>
#include <utility>

#include "control-plane/events/retention_store.hpp"
#include "control-plane/events/series.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

namespace {

constexpr int events_at_once = 20'000;
constexpr int most_deletions = 100;  // of one organisation in one call

awaitable<void> purge_old(db::Pool& pool, OldEvents old) {
    for (int deletion = 0; deletion < most_deletions && old.first < old.past; ++deletion) {
        auto tx = co_await pool.begin(db::Scope::tenant(old.org_id.str()));
        const bool is_due = co_await lock_old_events(tx, old.org_id, old.first);
        if (!is_due) co_return;
        const bool is_all = co_await delete_events_of_day(tx, old.org_id, old.first, events_at_once);
        co_await tx.commit();
        if (is_all) old.first += one_day;
    }
}

}  // namespace

awaitable<void> purge_events(db::Pool& pool, unsigned most_days) {
    auto tx = co_await pool.begin(db::Scope::none());
    auto all = co_await orgs_with_old_events(tx, most_days);
    co_await tx.commit();
    std::exception_ptr failure;
    for (auto& old : all) {
        try {
            co_await purge_old(pool, std::move(old));
        } catch (const db::PgError& error) {
            if (error.kind() == db::PgError::Kind::unavailable) throw;
            failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace fanion::cp::events
