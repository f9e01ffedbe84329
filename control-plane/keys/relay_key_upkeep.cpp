#include "control-plane/keys/relay_key_upkeep.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "control-plane/db/error.hpp"
#include "control-plane/keys/upkeep_store.hpp"

namespace fanion::cp::keys {
namespace {

using boost::asio::awaitable;

struct Attempt {
    std::optional<std::uint64_t> noted;  // how often the environment was, once that is known
    std::string failure;                 // empty: it was done
};

awaitable<void> postpone(db::Pool& pool, Upkeep due, std::optional<std::uint64_t> noted) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    co_await postpone_upkeep(tx, due.env_id, noted);
    co_await tx.commit();
}

// A deleted environment is noted again when it is restored. Error: as RulesetPublisher::publish().
awaitable<Result<>> publish_one(db::Pool& pool, publish::RulesetPublisher& publisher, Upkeep due,
                                std::optional<std::uint64_t>& noted) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    const auto env = co_await projects::lock_environment(tx, due.project_id, due.env_key);
    noted = co_await find_upkeep(tx, due.env_id);
    if (!noted) co_return boost::system::in_place_value;  // another replica was first
    std::optional<publish::Publication> publication;
    if (env && env->env_id == due.env_id) {
        auto changes = co_await relay_key_changes(tx, due.org_id, due.project_id, due.env_id);
        auto published = co_await publisher.publish(tx, *env, std::move(changes));
        if (!published) co_return published.error();
        publication = std::move(*published);
    }
    co_await end_upkeep(tx, due.env_id, *noted);
    co_await tx.commit();
    if (publication) publication->committed();
    co_return boost::system::in_place_value;
}

awaitable<Attempt> attempt(db::Pool& pool, publish::RulesetPublisher& publisher, Upkeep due) {
    Attempt made;
    try {
        const auto published = co_await publish_one(pool, publisher, std::move(due), made.noted);
        if (!published) made.failure = describe(published.error());
    } catch (const db::PgError& error) {
        made.failure = error.what();
    } catch (const std::logic_error& error) {
        made.failure = error.what();
    }
    co_return made;
}

}  // namespace

UpkeepMetrics::UpkeepMetrics(telemetry::Registry& registry) {
    registry.counter("fanion_control_plane_relay_key_upkeep_failures_total",
                     "Attempts to publish a changed relay key in an environment that failed.", {}, failures);
}

awaitable<std::size_t> publish_relay_keys(db::Pool& pool, publish::RulesetPublisher& publisher, UpkeepMetrics& metrics,
                                          const Log& log) {
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope));
    const auto due = co_await list_upkeep(tx, most_upkeep_at_once);
    co_await tx.commit();
    for (const auto& each : due) {
        const auto made = co_await attempt(pool, publisher, each);
        if (made.failure.empty()) continue;
        metrics.failures.add();
        log.error("relay_keys_not_published", {{"env_id", each.env_id.str()}, {"error", made.failure}});
        co_await postpone(pool, each, made.noted);
    }
    co_return due.size();
}

}  // namespace fanion::cp::keys
