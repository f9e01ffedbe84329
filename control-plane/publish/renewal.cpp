#include "control-plane/publish/renewal.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/publish/version_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

// Whoever published it since it was listed, perhaps a replica with the former key, did so in a transaction that has ended.
awaitable<bool> is_still_to_renew(db::Transaction& tx, Publisher& publisher, access::EnvironmentId env_id) {
    const auto places = co_await environments_to_renew(tx, publisher.epoch(), publisher.kid());
    co_return std::ranges::any_of(places, [&](const FeedEnvironment& place) { return place.env_id == env_id; });
}

awaitable<bool> renew(db::Pool& pool, Publisher& publisher, FeedEnvironment place, const Log& log) {
    auto scope = db::Scope::tenant(place.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    co_await projects::show_deleted(tx);
    const auto env = co_await projects::lock_environment(tx, place.project_id, place.env_key);
    if (!env) co_return false;  // purged
    if (env->version != place.version) {
        const bool is_due = co_await is_still_to_renew(tx, publisher, place.env_id);
        if (!is_due) co_return false;  // another replica was first
    }
    auto published = co_await publisher.publish_again(tx, *env);
    // The next pass finds it again; no other environment could be signed now.
    if (!published && published.error().code == Errc::unavailable)
        throw std::runtime_error(describe(published.error()));
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
    std::exception_ptr failure;
    const auto note = [&](const FeedEnvironment& place, const std::exception& error) {
        log.error("ruleset_not_renewed", {{"env_id", place.env_id.str()}, {"error", error.what()}});
        failure = std::current_exception();
    };
    // What fails for one environment does not keep the others back.
    for (const auto& place : places) {
        try {
            if (const bool renewed = co_await renew(pool, publisher, place, log); renewed) ++count;
        } catch (const db::PgError& error) {
            if (error.is_unavailable()) throw;
            note(place, error);
        } catch (const std::logic_error& error) {
            note(place, error);
        }
    }
    if (count > 0) log.info("rulesets_renewed", {{"epoch", epoch}, {"kid", kid}, {"environments", count}});
    if (failure) std::rethrow_exception(failure);
    co_return count;
}

void Renewal::request() {
    is_requested_ = true;
    if (!std::exchange(is_running_, true)) tasks_.spawn("renewal", run());
}

awaitable<void> Renewal::run() {
    auto pause = pause_;
    while (std::exchange(is_requested_, false)) {
        if (const bool is_done = co_await try_pass(); is_done) {
            pause = pause_;
            continue;
        }
        is_requested_ = true;
        co_await net::sleep_for(pause);
        pause = std::min(2 * pause, longest_pause);
    }
    is_running_ = false;
}

awaitable<bool> Renewal::try_pass() {
    try {
        co_await pass_();
        co_return true;
    } catch (const boost::system::system_error& error) {
        if (tasks_.stop_requested()) throw;
        log_.warn("renewal_failed", {{"detail", error.what()}, {"action", "retrying"}});
    } catch (const std::exception& error) {
        log_.warn("renewal_failed", {{"detail", error.what()}, {"action", "retrying"}});
    }
    co_return false;
}

}  // namespace fanion::cp::publish
