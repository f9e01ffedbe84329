#include "control-plane/publish/epoch_renewal.hpp"

#include <utility>

#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

awaitable<bool> renew(db::Pool& pool, RulesetPublisher& publisher, FeedEnvironment place, const Log& log) {
    auto scope = db::Scope::tenant(place.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    co_await projects::show_deleted(tx);
    const auto env = co_await projects::lock_environment(tx, place.project_id, place.env_key);
    if (!env || env->version != place.version) co_return false;  // purged, or another replica was first
    std::vector<wire::ItemChange> none;
    auto published = co_await publisher.publish(tx, *env, std::move(none));
    if (!published) {
        log.error("epoch_not_renewed", {{"env_id", place.env_id.str()}, {"error", describe(published.error())}});
        co_return false;
    }
    co_await tx.commit();
    published->committed();
    co_return published->changed();
}

}  // namespace

awaitable<std::size_t> renew_epochs(db::Pool& pool, RulesetPublisher& publisher, std::uint64_t epoch, const Log& log) {
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope));
    const auto places = co_await environments_before_epoch(tx, epoch);
    co_await tx.commit();
    std::size_t count = 0;
    for (const auto& place : places) {
        if (const bool renewed = co_await renew(pool, publisher, place, log); renewed) ++count;
    }
    if (count > 0) log.info("epoch_renewed", {{"epoch", epoch}, {"environments", count}});
    co_return count;
}

}  // namespace fanion::cp::publish
