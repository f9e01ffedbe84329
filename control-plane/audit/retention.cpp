#include "control-plane/audit/retention.hpp"

#include <utility>

#include "control-plane/audit/retention_store.hpp"

namespace fanion::cp::audit {
namespace {

constexpr int entries_at_once = 20'000;
constexpr int most_cuts = 100;  // of one organisation in one call

boost::asio::awaitable<std::uint64_t> cut_once(db::Pool& pool, OldAudit old, UnixMillis now) {
    auto tx = co_await pool.begin(db::Scope::tenant(old.org_id.str()));
    const auto deleted = co_await cut_audit(tx, std::move(old), entries_at_once, now);
    co_await tx.commit();
    co_return deleted;
}

}  // namespace

boost::asio::awaitable<void> purge_audit(db::Pool& pool, const Clock& clock, unsigned default_days) {
    auto tx = co_await pool.begin(db::Scope::none());
    const auto all = co_await orgs_with_old_audit(tx, default_days);
    co_await tx.commit();
    for (const auto& old : all) {
        for (int cut = 0; cut < most_cuts; ++cut) {
            const auto deleted = co_await cut_once(pool, old, clock.now());
            if (deleted < static_cast<std::uint64_t>(entries_at_once)) break;
        }
    }
}

}  // namespace fanion::cp::audit
