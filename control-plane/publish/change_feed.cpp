#include "control-plane/publish/change_feed.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "common/wire/delta.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr int versions_per_read = 200;

// The version just below: reading what comes after it finds `version` first.
wire::Version before(wire::Version version) { return {version.epoch, version.number - 1}; }

// Whatever is not an error of the database is the end of this task.
bool is_cancelled(const std::exception& error) { return dynamic_cast<const db::PgError*>(&error) == nullptr; }

std::vector<wire::ItemChange> take_changes(std::vector<FeedChange>& all, std::uint64_t version) {
    std::vector<wire::ItemChange> out;
    for (auto& entry : all)
        if (entry.version == version) out.push_back(std::move(entry.change));
    return out;
}

}  // namespace

awaitable<void> ChangeFeed::run(db::Listener& listener, std::chrono::milliseconds poll) {
    auto next_poll = steady_clock::now();
    for (;;) {
        const auto now = steady_clock::now();
        const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next_poll - now);
        const auto heard = co_await listener.next(std::max(wait, std::chrono::milliseconds(0)));
        deps_.metrics.feed_listening.set(listener.is_connected() ? 1 : 0);
        const bool notified = heard && heard->kind == db::ListenerEvent::Kind::notified;
        if (notified) co_await follow_notified(access::EnvironmentId(heard->payload));
        if (notified && steady_clock::now() < next_poll) continue;
        // With no listening connection the poll is how changes are found, not a sign of lost notifications.
        co_await scan_guarded(!heard && listener.is_connected());
        next_poll = steady_clock::now() + poll;
    }
}

void ChangeFeed::record_failure(const char* what, const std::exception& error) {
    deps_.metrics.feed_errors.add();
    if (!failing_) deps_.log.warn(what, {{"error", error.what()}});
    failing_ = true;
}

awaitable<bool> ChangeFeed::scan_guarded(bool is_poll) {
    const auto known = deps_.metrics.feed_versions.value();
    try {
        co_await scan();
    } catch (const std::exception& error) {
        if (is_cancelled(error)) throw;
        record_failure("feed_scan_failed", error);
        co_return false;
    }
    if (is_poll && primed_) deps_.metrics.feed_found_by_poll.add(deps_.metrics.feed_versions.value() - known);
    if (failing_) deps_.log.info("feed_recovered");
    failing_ = false;
    primed_ = true;
    co_return true;
}

awaitable<void> ChangeFeed::scan() {
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope));
    const auto found = co_await feed_environments(tx);
    const auto held = co_await held_versions(tx);
    co_await tx.commit();
    std::set<access::EnvironmentId> held_ids;
    for (const auto& each : held) held_ids.insert(each.env_id);
    std::set<access::EnvironmentId> present;
    for (const auto& place : found) present.insert(place.env_id);
    remove_missing(present);
    for (const auto& place : found) {
        if (differs(place, held_ids)) co_await follow(place);
    }
    deps_.metrics.environments.set(static_cast<double>(deps_.catalog.environments().size()));
    primed_ = true;
}

bool ChangeFeed::differs(const FeedEnvironment& place, const std::set<access::EnvironmentId>& held) const {
    if (place.version.number == 0) return false;
    const auto known = deps_.catalog.find(place.env_id);
    if (!known || known->version() != place.version) return true;
    return held.contains(place.env_id) != (deps_.catalog.holding(place.env_id) != nullptr);
}

void ChangeFeed::remove_missing(const std::set<access::EnvironmentId>& present) {
    std::vector<PublishedPtr> removed;
    for (const auto& [env_id, environment] : deps_.catalog.environments())
        if (!present.contains(env_id)) removed.push_back(environment);
    for (const auto& environment : removed) {
        deps_.catalog.erase(environment->place.env_id);
        deps_.images.erase(environment->place.env_id);
        sink_.on_removed(environment);
    }
}

awaitable<void> ChangeFeed::follow_notified(access::EnvironmentId env_id) {
    const auto known = deps_.catalog.find(env_id);
    if (!known) {
        co_await scan_guarded(false);
        co_return;
    }
    try {
        auto place = known->place;
        co_await follow(std::move(place));
    } catch (const std::exception& error) {
        if (is_cancelled(error)) throw;
        record_failure("feed_read_failed", error);
    }
}

awaitable<void> ChangeFeed::follow(FeedEnvironment place) {
    const auto known = deps_.catalog.find(place.env_id);
    // A version below the known one means that the database was restored: start again from what it holds.
    if (!known || place.version < known->version()) {
        co_await reset_to(std::move(place));
        co_return;
    }
    std::optional<wire::Version> after = known->version();
    while (after) {
        const auto from = *after;
        after = co_await follow_batch(place, from);
    }
}

// The last version that was read, when there may be more.
awaitable<std::optional<wire::Version>> ChangeFeed::follow_batch(FeedEnvironment place, wire::Version after) {
    Batch batch{place, {}, {}, {}, {}};
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    batch.manifests = co_await feed_manifests(tx, place.env_id, after, versions_per_read);
    if (!batch.manifests.empty() && batch.manifests.back().version.epoch == after.epoch)
        batch.changes = co_await feed_changes(tx, place.env_id, after, batch.manifests.back().version);
    batch.stages = co_await feed_stages(tx, place.env_id, after);
    co_await read_base(tx, batch);
    co_await tx.commit();
    std::optional<wire::Version> last;
    if (batch.manifests.size() == static_cast<std::size_t>(versions_per_read)) last = batch.manifests.back().version;
    deliver_all(std::move(batch));
    co_return last;
}

// What relays without the label have of an environment of which a version in the batch is held.
awaitable<void> ChangeFeed::read_base(db::Transaction& tx, Batch& batch) {
    const auto& env_id = batch.place.env_id;
    for (const auto& stage : batch.stages) {
        if (stage.state != StageState::held) continue;
        const auto known = deps_.catalog.find_released(env_id);
        if (known && known->version() == stage.base) continue;
        auto found = co_await feed_manifests(tx, env_id, before(stage.base), 1);
        if (!found.empty() && found.front().version == stage.base) batch.base = std::move(found.front());
    }
}

awaitable<void> ChangeFeed::reset_to(FeedEnvironment place) {
    Batch batch{place, {}, {}, {}, {}};
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    batch.manifests = co_await feed_manifests(tx, place.env_id, before(place.version), 1);
    batch.stages = co_await feed_stages(tx, place.env_id, place.version);
    deps_.catalog.erase(place.env_id);
    deps_.images.erase(place.env_id);
    co_await read_base(tx, batch);
    co_await tx.commit();
    if (!batch.manifests.empty()) deliver_all(std::move(batch));
}

void ChangeFeed::deliver_all(Batch batch) {
    PublishedPtr base;
    if (batch.base) base = to_published(batch.place, *batch.base);
    const auto stages = batch.stages;
    for (auto& manifest : batch.manifests) {
        const auto version = manifest.version;
        auto own = take_changes(batch.changes, version.number);
        const auto at = std::ranges::find(stages, version, &FeedStage::version);
        const auto state = at == stages.end() ? StageState::released : at->state;
        if (state == StageState::released) deliver(batch.place, std::move(manifest), std::move(own), nullptr, nullptr);
        if (state == StageState::held) deliver(batch.place, std::move(manifest), std::move(own), &*at, base);
        if (state == StageState::beneath) deliver_beneath(batch.place, std::move(manifest));
    }
    settle(batch.place, stages);
}

// A version that was held when it was delivered goes to all now.
void ChangeFeed::settle(const FeedEnvironment& place, const std::vector<FeedStage>& stages) {
    const auto known = deps_.catalog.find(place.env_id);
    if (!known || !deps_.catalog.holding(place.env_id)) return;
    const auto at = std::ranges::find(stages, known->version(), &FeedStage::version);
    if (at == stages.end() || at->state != StageState::released) return;
    deps_.catalog.release(place.env_id);
    sink_.on_released(known);
}

PublishedPtr ChangeFeed::to_published(const FeedEnvironment& place, FeedManifest& read) const {
    auto manifest = wire::parse_manifest(read.full.manifest);
    if (!manifest) {
        deps_.log.error("feed_bad_manifest", {{"env_id", place.env_id.str()}, {"error", describe(manifest.error())}});
        return nullptr;
    }
    auto environment = std::make_shared<PublishedEnvironment>();
    environment->place = place;
    environment->place.version = read.version;
    environment->manifest = std::move(*manifest);
    environment->full = std::move(read.full);
    return environment;
}

// What relays without the label are served while a later version is held. That one follows where it
// is not here yet, and until then this is the newest.
void ChangeFeed::deliver_beneath(const FeedEnvironment& place, FeedManifest read) {
    const auto* const holding = deps_.catalog.holding(place.env_id);
    if (!holding) return deliver(place, std::move(read), {}, nullptr, nullptr);
    if (holding->released->version() >= read.version) return;
    auto released = to_published(place, read);
    if (!released) return;
    deps_.catalog.hold(place.env_id, {holding->label, released});
    sink_.on_released(released);
}

// `held`: null where the version is for all. `base`: what the others have, unless the catalog knows.
void ChangeFeed::deliver(const FeedEnvironment& place, FeedManifest read, std::vector<wire::ItemChange> changes,
                         const FeedStage* held, PublishedPtr base) {
    const auto known = deps_.catalog.find(place.env_id);
    if (known && known->version() >= read.version) return;
    const auto version = read.version;
    const bool follows =
        known && read.delta && known->version().epoch == version.epoch && known->version().number + 1 == version.number;
    FeedStep step;
    if (follows) step = {known->version(), lines_of(*read.delta)};
    const auto environment = to_published(place, read);
    if (!environment) return;
    const auto released = base ? base : deps_.catalog.find_released(place.env_id);
    if (held && (!released || released->version() != held->base)) return note_base_missing(place);
    if (follows) {
        wire::append_changes(step.document, changes);
        update_image(*environment, step.base, changes);
    }
    deps_.catalog.put(environment);
    if (held) deps_.catalog.hold(place.env_id, {held->label, released});
    if (!held) deps_.catalog.release(place.env_id);
    deps_.metrics.feed_versions.add();
    sink_.on_version(environment, follows ? &step : nullptr);
    if (base) sink_.on_released(base);
}

// The history of a version that is held does not reach back to what it is held on: nobody is shown it.
void ChangeFeed::note_base_missing(const FeedEnvironment& place) {
    deps_.log.error("feed_base_missing", {{"env_id", place.env_id.str()}});
}

// Keeps the image of an environment current without reading its content again. A version that this replica published
// arrives here too, once at each of its threads: the publisher put its image at commit, with the ruleset that it had
// compiled. put() and the test of `base` make the order irrelevant. If the publisher was first, the image is no longer
// at `base` and nothing happens; if the feed was first, the publisher's image of the same version is dropped, and the
// next compile starts from an older ruleset.
void ChangeFeed::update_image(const PublishedEnvironment& environment, wire::Version base,
                              const std::vector<wire::ItemChange>& changes) {
    const auto image = deps_.images.find(environment.place.env_id);
    if (!image || image->version != base) return;
    auto next = std::make_shared<EnvironmentImage>(*image);
    wire::apply_changes(next->items, changes);
    next->version = environment.version();
    next->root = next->items.root();
    if (next->root != environment.manifest.root) {
        deps_.log.error("feed_image_differs", {{"env_id", environment.place.env_id.str()}});
        deps_.images.erase(environment.place.env_id);
        return;
    }
    deps_.images.put(environment.place.env_id, std::move(next));
}

}  // namespace fanion::cp::publish
