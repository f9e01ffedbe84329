#include "control-plane/projects/purge.hpp"

#include "control-plane/projects/deletion_store.hpp"

namespace fanion::cp::projects {
namespace {

constexpr int purged_at_once = 5'000;
constexpr int most_purges = 10'000;

}  // namespace

boost::asio::awaitable<void> purge_deleted(db::Pool& pool, const Clock& clock) {
    const auto before = clock.now() - purged_after;
    for (int round = 0; round < most_purges; ++round) {
        auto tx = co_await pool.begin(db::Scope::none());
        const auto deleted = co_await purge_deleted(tx, before, purged_at_once);
        co_await tx.commit();
        if (deleted == 0) co_return;
    }
}

}  // namespace fanion::cp::projects
