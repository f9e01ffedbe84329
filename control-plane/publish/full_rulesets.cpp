#include "control-plane/publish/full_rulesets.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "common/wire/delta.hpp"
#include "control-plane/publish/history_store.hpp"
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

// Of the version that is asked for and no other: a newer one may be held back from whoever asks.
awaitable<SignedDocument> FullRulesets::load(PublishedPtr environment) {
    deps_.metrics.image_loads.add();
    const auto env_id = environment->place.env_id;
    const auto version = environment->version();
    const wire::Version before{version.epoch, version.number - 1};
    auto scope = db::Scope::tenant(environment->place.org_id.str());
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto manifests = co_await feed_manifests(tx, env_id, before, 2);
    if (manifests.empty() || manifests.front().version != version) co_return SignedDocument{};  // not kept
    const bool is_newest = manifests.size() == 1;
    std::optional<wire::ItemSet> items;
    if (is_newest) items = co_await feed_items(tx, env_id);
    if (!is_newest) items = co_await read_items_at(tx, env_id, version);
    co_await tx.commit();
    if (!items || items->root() != environment->manifest.root) {
        deps_.log.error("stored_ruleset_damaged", {{"env_id", env_id.str()}, {"version", wire::to_string(version)}});
        co_return SignedDocument{};
    }
    auto bytes = lines_of(environment->full);
    wire::append_items(bytes, *items);
    auto image = std::make_shared<EnvironmentImage>();
    image->version = version;
    image->root = environment->manifest.root;
    image->items = std::move(*items);
    if (is_newest) deps_.images.put(env_id, std::move(image));
    co_return SignedDocument{version, std::make_shared<const std::string>(std::move(bytes)), {}};
}

}  // namespace fanion::cp::publish
