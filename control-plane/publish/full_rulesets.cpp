#include "control-plane/publish/full_rulesets.hpp"

#include <memory>
#include <utility>

#include "common/wire/delta.hpp"
#include "control-plane/publish/signer.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

awaitable<SignedDocument> FullRulesets::make(PublishedPtr environment) {
    const auto image = deps_.images.find(environment->place.env_id);
    if (!image || image->version != environment->version()) co_return co_await load(std::move(environment));
    auto bytes = lines_of(environment->full);
    wire::append_items(bytes, image->items);
    co_return SignedDocument{image->version, std::make_shared<const std::string>(std::move(bytes)), {}};
}

awaitable<SignedDocument> FullRulesets::load(PublishedPtr environment) {
    deps_.metrics.image_loads.add();
    const auto env_id = environment->place.env_id;
    const wire::Version before{environment->version().epoch, environment->version().number - 1};
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto manifests = co_await feed_manifests(tx, env_id, before, static_cast<int>(longest_history));
    auto items = co_await feed_items(tx, env_id);
    co_await tx.commit();
    if (manifests.empty()) co_return SignedDocument{};
    const auto& newest = manifests.back();
    auto bytes = lines_of(newest.full);
    wire::append_items(bytes, items);
    auto image = std::make_shared<EnvironmentImage>();
    image->version = newest.version;
    image->root = items.root();
    image->items = std::move(items);
    const auto manifest = wire::parse_manifest(newest.full.manifest);
    if (!manifest || manifest->root != image->root) {
        deps_.log.error("stored_ruleset_damaged",
                        {{"env_id", env_id.str()}, {"version", wire::to_string(newest.version)}});
        co_return SignedDocument{};
    }
    deps_.images.put(env_id, image);
    co_return SignedDocument{newest.version, std::make_shared<const std::string>(std::move(bytes)), {}};
}

}  // namespace fanion::cp::publish
