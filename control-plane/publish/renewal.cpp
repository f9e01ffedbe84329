#include "control-plane/publish/renewal.hpp"

#include <utility>

#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

awaitable<bool> renew(db::Pool& pool, Publisher& publisher, FeedEnvironment place, const Log& log) {
    auto scope = db::Scope::tenant(place.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    co_await projects::show_deleted(tx);
    const auto env = co_await projects::lock_environment(tx, place.project_id, place.env_key);
    if (!env || env->version != place.version) co_return false;  // purged, changed, or another replica was first
    auto published = co_await publisher.publish_again(tx, *env);
    if (!published) {
        log.error("ruleset_not_renewed", {{"env_id", place.env_id.str()}, {"error", describe(published.error())}});
        co_return false;
    }
    co_await tx.commit();
    published->committed();
    co_return true;
}

}  // namespace

awaitable<std::size_t> renew_published(db::Pool& pool, Publisher& publisher, const Log& log) {
    const auto epoch = publisher.epoch();
    const auto kid = publisher.kid();
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope));
    const auto places = co_await environments_to_renew(tx, epoch, kid);
    co_await tx.commit();
    std::size_t count = 0;
    for (const auto& place : places) {
        if (const bool renewed = co_await renew(pool, publisher, place, log); renewed) ++count;
    }
    if (count > 0) log.info("rulesets_renewed", {{"epoch", epoch}, {"kid", kid}, {"environments", count}});
    co_return count;
}

}  // namespace fanion::cp::publish
