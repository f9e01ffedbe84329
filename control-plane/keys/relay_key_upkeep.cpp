#include "control-plane/keys/relay_key_upkeep.hpp"

#include <utility>

#include "control-plane/keys/upkeep_store.hpp"

namespace fanion::cp::keys {
namespace {

using boost::asio::awaitable;

constexpr int most_at_once = 100;

// The next change of a key tries again.
awaitable<void> give_up(db::Pool& pool, Upkeep due, std::uint64_t noted) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    co_await end_upkeep(tx, due.env_id, noted);
    co_await tx.commit();
}

// Returns how often the environment was noted where its ruleset cannot be published. A deleted environment is noted again
// when it is restored.
awaitable<std::optional<std::uint64_t>> publish_one(db::Pool& pool, publish::RulesetPublisher& publisher, Upkeep due,
                                                    const Log& log) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await pool.begin(std::move(scope));
    const auto env = co_await projects::lock_environment(tx, due.project_id, due.env_key);
    const auto noted = co_await find_upkeep(tx, due.env_id);
    if (!noted) co_return std::nullopt;  // another replica was first
    std::optional<Result<publish::Publication>> published;
    if (env && env->env_id == due.env_id) {
        auto changes = co_await relay_key_changes(tx, due.org_id, due.project_id, due.env_id);
        published = co_await publisher.publish(tx, *env, std::move(changes));
    }
    if (published && !*published) {
        log.error("relay_keys_not_published", {{"env_id", due.env_id.str()}, {"error", describe(published->error())}});
        co_return noted;
    }
    co_await end_upkeep(tx, due.env_id, *noted);
    co_await tx.commit();
    if (published) (*published)->committed();
    co_return std::nullopt;
}

}  // namespace

awaitable<std::size_t> publish_relay_keys(db::Pool& pool, publish::RulesetPublisher& publisher, const Log& log) {
    auto scope = db::Scope::none();
    auto tx = co_await pool.begin(std::move(scope));
    const auto due = co_await list_upkeep(tx, most_at_once);
    co_await tx.commit();
    for (const auto& each : due) {
        const auto failed = co_await publish_one(pool, publisher, each, log);
        if (failed) co_await give_up(pool, each, *failed);
    }
    co_return due.size();
}

}  // namespace fanion::cp::keys
