#include "control-plane/publish/publisher.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "common/telemetry/tracer.hpp"
#include "control-plane/audit/audit_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

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
    auto building = co_await begin_build(tx, env, std::move(changes), std::move(checked));
    // Meanwhile the server carries out what the edit has posted.
    const auto audit = co_await audit::find_audit_head(tx, env.org_id);
    auto draft = co_await end_build(std::move(building));
    if (!draft) span.fail("refused");
    if (!draft) co_return draft.error();
    if (draft->changes.empty() && env.version.epoch >= epoch()) co_return unchanged(env, *draft);
    auto publication = co_await write(tx, env, std::move(*draft), audit, span.place().context);
    if (!publication) span.fail("not signed");
    if (!publication) co_return publication.error();
    span.set("fanion.ruleset.version", wire::to_string(publication->version()));
    co_return std::move(*publication);
}

awaitable<Result<Publication>> Publisher::publish_again(db::Transaction& tx, const projects::LockedEnvironment& env) {
    std::vector<wire::ItemChange> none;
    std::string checked;
    auto building = co_await begin_build(tx, env, std::move(none), std::move(checked));
    const auto audit = co_await audit::find_audit_head(tx, env.org_id);
    auto draft = co_await end_build(std::move(building));
    if (!draft) co_return draft.error();
    co_return co_await write(tx, env, std::move(*draft), audit, telemetry::TraceContext());
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
