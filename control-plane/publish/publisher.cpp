#include "control-plane/publish/publisher.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "common/telemetry/tracer.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/publish/stage_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

namespace {

Error nothing_released() {
    return {Errc::not_found, "nothing is held, or the version that other relays have is not kept any more", {}};
}

}  // namespace

awaitable<ImagePtr> Publisher::present_image(db::Transaction& tx, const projects::Environment& env) {
    auto image = images_.find(env.env_id);
    if (image && image->version == env.version && env.root && image->root == *env.root) co_return image;
    auto loaded = std::make_shared<EnvironmentImage>();
    loaded->version = env.version;
    loaded->root = env.root.value_or(Sha256{});
    if (env.version.number > 0) {
        metrics_.image_loads.add();
        loaded->items = co_await read_items(tx, env.env_id);
    }
    if (image) loaded->ruleset = image->ruleset;
    co_return loaded;
}

awaitable<Publisher::Building> Publisher::begin_build(db::Transaction& tx, const projects::Environment& env,
                                                      std::vector<wire::ItemChange> changes, std::string checked) {
    const auto image = co_await present_image(tx, env);
    for (const auto& change : changes) {
        if (change.key == environment_item_key) throw std::logic_error("the environment item is the publisher's own");
    }
    changes.push_back(environment_item(env));
    auto work = [image, changes = std::move(changes), checked = std::move(checked)] {
        const auto started = std::chrono::steady_clock::now();
        auto draft = build_draft(*image, changes, checked);
        return Built{std::move(draft), std::chrono::steady_clock::now() - started};
    };
    co_return co_await net::begin_work(blocking_, std::move(work));
}

awaitable<Result<Draft>> Publisher::end_build(Building building) {
    auto built = co_await building.end();
    metrics_.build_seconds.observe(built.took.count());
    if (!built.draft) metrics_.refused.add();
    co_return std::move(built.draft);
}

Publication Publisher::unchanged(const projects::Environment& env, Draft& draft) {
    metrics_.unchanged.add();
    Publication publication(env.env_id, env.version, env.root.value_or(Sha256{}), false);
    publication.set_warnings(std::move(draft.warnings));
    return publication;
}

awaitable<Result<Publication>> Publisher::publish(db::Transaction& tx, const projects::LockedEnvironment& env,
                                                  std::vector<wire::ItemChange> changes, std::string checked) {
    auto span = telemetry::open_child(tx.place(), "publish", telemetry::SpanKind::producer);
    span.set("feature_flag.set.id", env.env_id.str());
    const PassageInput input{.is_staged = env.is_protected && env.staging.has_value(),
                             .has_version = env.version.number > 0,
                             .is_held = env.released.has_value(),
                             .skips_stages = env.skips_stages};
    const auto passage = passage_of(input, changes);
    Step step{.changes = std::move(changes), .checked = std::move(checked), .passage = passage};
    step.trace = span.place().context;
    auto making =
        passage == Passage::beneath ? make_beneath(tx, env, std::move(step)) : make_step(tx, env, std::move(step));
    auto publication = co_await std::move(making);
    if (!publication) span.fail("refused");
    if (!publication) co_return publication.error();
    if (publication->changed()) span.set("fanion.ruleset.version", wire::to_string(publication->version()));
    co_return std::move(*publication);
}

awaitable<Result<Publication>> Publisher::publish_again(db::Transaction& tx, const projects::LockedEnvironment& env) {
    Step step;
    step.is_forced = true;
    auto making = env.released ? make_beneath(tx, env, std::move(step)) : make_step(tx, env, std::move(step));
    co_return co_await std::move(making);
}

awaitable<Result<Publication>> Publisher::withdraw(db::Transaction& tx, const projects::LockedEnvironment& env) {
    if (!env.released) co_return nothing_released();
    const auto released = co_await read_items_at(tx, env.env_id, *env.released);
    if (!released) co_return nothing_released();
    const auto held = co_await present_image(tx, env);
    Step step;
    step.changes = changes_between(held->items, *released, environment_item_key);
    step.is_forced = true;
    step.is_withdrawal = true;
    auto making = make_step(tx, env, std::move(step));
    co_return co_await std::move(making);
}

awaitable<Result<Publication>> Publisher::make_step(db::Transaction& tx, const projects::Environment& env, Step step) {
    auto building = co_await begin_build(tx, env, std::move(step.changes), std::move(step.checked));
    // Meanwhile the server carries out what the edit has posted.
    const auto audit = co_await audit::find_audit_head(tx, env.org_id);
    auto draft = co_await end_build(std::move(building));
    if (!draft) co_return draft.error();
    const bool is_same = draft->changes.empty() && env.version.epoch >= epoch();
    if (is_same && !step.is_forced) co_return unchanged(env, *draft);
    auto publication = co_await write(tx, env, std::move(*draft), audit, step.trace);
    if (publication && !step.is_withdrawal) write_stage(tx, env, publication->version(), step.passage);
    co_return publication;
}

// Two versions: the released content with the change, for all, and what is held with it, on top.
awaitable<Result<Publication>> Publisher::make_beneath(db::Transaction& tx, const projects::Environment& env,
                                                       Step step) {
    const auto released = co_await read_items_at(tx, env.env_id, *env.released);
    if (!released) co_return nothing_released();
    const auto held = co_await present_image(tx, env);
    auto own = step.changes;
    own.push_back(environment_item(env));
    const bool is_same = has_all(*released, own) && has_all(held->items, own) && env.version.epoch >= epoch();
    if (is_same && !step.is_forced) co_return Publication(env.env_id, env.version, held->root, false);
    auto split = split_change(held->items, *released, step.changes, environment_item_key);
    step.changes = std::move(split.beneath);
    step.passage = split.above.empty() ? Passage::at_once : Passage::beneath;
    step.is_forced = true;
    auto first = co_await make_step(tx, env, std::move(step));
    if (!first || split.above.empty()) co_return first;
    const auto between = co_await projects::lock_environment(tx, env.project_id, env.key);
    if (!between) throw std::logic_error("an environment is gone that is locked");
    Step rest;
    rest.changes = std::move(split.above);
    rest.passage = Passage::held;
    rest.is_forced = true;
    auto second = co_await make_step(tx, *between, std::move(rest));
    if (second) second->set_warnings(first->warnings());
    co_return second;
}

void Publisher::write_stage(db::Transaction& tx, const projects::Environment& env, wire::Version version,
                            Passage passage) {
    if (passage == Passage::held) hold_version(tx, env, version, env.released.value_or(env.version));
    if (passage == Passage::beneath) pass_beneath(tx, env, version);
    if (passage == Passage::at_once && env.released) end_hold(tx, env);
}

awaitable<Result<Publication>> Publisher::write(db::Transaction& tx, const projects::Environment& env, Draft draft,
                                                std::optional<wire::AuditHead> audit, telemetry::TraceContext trace) {
    const wire::Version version{std::max(env.version.epoch, epoch()), env.version.number + 1};
    const auto kept = std::make_shared<Draft>(std::move(draft));  // also by work that nobody waits for any more
    auto text = trace ? telemetry::format_traceparent(trace) : std::string();
    auto work = [signer = signer_, env, kept, version, audit, now = clock_.now(), text = std::move(text)] {
        return sign_version(signer, env, *kept, version, audit, now, text);
    };
    auto signing = run_signing(signer_, blocking_, std::move(work));
    auto next = co_await std::move(signing);
    if (!next) {
        metrics_.signing_failed.add();
        co_return Error{Errc::unavailable, "nothing is published now: " + next.error().detail, {}};
    }
    write_version(tx, *next);
    metrics_.published.add();
    auto image = std::make_shared<EnvironmentImage>();
    image->version = version;
    image->root = kept->root;
    image->items = std::move(kept->items);
    image->ruleset = std::move(kept->ruleset);
    // The change feed will bring the same version once more and finds the image in place (ChangeFeed::update_image).
    auto on_committed = [this, env_id = env.env_id, image] { images_.put(env_id, image); };
    Publication publication(env.env_id, version, image->root, true, std::move(on_committed));
    publication.set_warnings(std::move(kept->warnings));
    co_return publication;
}

awaitable<Result<std::vector<Finding>>> Publisher::check(db::Transaction& tx, const projects::Environment& env,
                                                         std::vector<wire::ItemChange> changes, std::string checked) {
    auto building = co_await begin_build(tx, env, std::move(changes), std::move(checked));
    auto draft = co_await end_build(std::move(building));
    if (!draft) co_return draft.error();
    co_return std::move(draft->warnings);
}

}  // namespace fanion::cp::publish
