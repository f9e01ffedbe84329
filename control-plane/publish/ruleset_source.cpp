#include "control-plane/publish/ruleset_source.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "common/wire/delta.hpp"
#include "control-plane/publish/snapshot_builder.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;
namespace asio = boost::asio;

// Holds the right to make one document; those who wait for it go on when it ends.
class RulesetSource::Turn {
public:
    Turn(RulesetSource& source, std::string name) : source_(&source), name_(std::move(name)) {}
    Turn(Turn&& other) noexcept : source_(std::exchange(other.source_, nullptr)), name_(std::move(other.name_)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
        if (!source_) return;
        const auto at = source_->in_flight_.find(name_);
        at->second->cancel();
        source_->in_flight_.erase(at);
    }

private:
    RulesetSource* source_;
    std::string name_;
};

awaitable<RulesetSource::Turn> RulesetSource::take_turn(std::string name) {
    const auto executor = co_await asio::this_coro::executor;
    for (;;) {
        const auto at = in_flight_.find(name);
        if (at == in_flight_.end()) break;
        const auto timer = at->second;
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await timer->async_wait(token);
    }
    auto timer = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    in_flight_.emplace(name, std::move(timer));
    co_return Turn(*this, std::move(name));
}

Document RulesetSource::cached(const std::string& name, wire::Version version) {
    const auto* found = documents_.find(name);
    return found && found->version >= version ? *found : Document{};
}

void RulesetSource::keep(const std::string& name, const Document& document) {
    documents_.put(name, document, document.bytes->size() + name.size() + 128);
}

awaitable<Document> RulesetSource::full(access::EnvironmentId env_id) {
    const auto name = env_id.str() + "|full";
    const auto turn = co_await take_turn(name);
    const auto environment = stores_.catalog.find(env_id);
    if (!environment) co_return Document{};
    if (auto found = cached(name, environment->version())) co_return found;
    Document document;
    if (const auto image = stores_.images.find(env_id); image && image->version == environment->version()) {
        auto bytes = lines_of(environment->full);
        wire::append_items(bytes, image->items);
        document = {image->version, std::make_shared<const std::string>(std::move(bytes))};
    } else {
        document = co_await load_full(environment);
    }
    if (document) keep(name, document);
    co_return document;
}

awaitable<Document> RulesetSource::load_full(PublishedPtr environment) {
    metrics_.image_loads.add();
    const auto env_id = environment->place.env_id;
    const wire::Version before{environment->version().epoch, environment->version().number - 1};
    auto scope = db::Scope::none();
    auto tx = co_await stores_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto manifests = co_await feed_manifests(tx, env_id, before, static_cast<int>(longest_history));
    auto items = co_await feed_items(tx, env_id);
    co_await tx.commit();
    if (manifests.empty()) co_return Document{};
    const auto& newest = manifests.back();
    auto bytes = lines_of(newest.full);
    wire::append_items(bytes, items);
    auto image = std::make_shared<EnvironmentImage>();
    image->version = newest.version;
    image->root = items.root();
    image->items = std::move(items);
    const auto manifest = wire::parse_manifest(newest.full.manifest);
    if (!manifest || manifest->root != image->root) {
        tools_.log.error("stored_ruleset_damaged",
                         {{"env_id", env_id.str()}, {"version", wire::to_string(newest.version)}});
        co_return Document{};
    }
    stores_.images.put(env_id, image);
    co_return Document{newest.version, std::make_shared<const std::string>(std::move(bytes))};
}

awaitable<Document> RulesetSource::delta(access::EnvironmentId env_id, wire::Version base) {
    const auto name = env_id.str() + "|" + wire::to_string(base);
    const auto turn = co_await take_turn(name);
    const auto environment = stores_.catalog.find(env_id);
    if (!environment) co_return Document{};
    const auto version = environment->version();
    const bool reaches = base.epoch == version.epoch && base.number > 0 && base.number < version.number &&
                         version.number - base.number <= longest_history;
    if (!reaches) co_return Document{};
    if (auto found = cached(name, version)) co_return found;
    auto document = co_await make_delta(environment, base);
    if (document) keep(name, document);
    co_return document;
}

awaitable<Document> RulesetSource::make_delta(PublishedPtr environment, wire::Version base) {
    const auto& env_id = environment->place.env_id;
    const wire::Version before{base.epoch, base.number - 1};
    auto scope = db::Scope::none();
    auto tx = co_await stores_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto from = co_await feed_manifests(tx, env_id, before, 1);
    auto all = co_await feed_changes(tx, env_id, base, environment->version());
    co_await tx.commit();
    if (from.empty() || from.front().version != base) co_return Document{};
    const auto held = wire::parse_manifest(from.front().full.manifest);
    if (!held) co_return Document{};

    std::map<std::string, wire::ItemChange> last;  // in key order; of several changes of one item the newest
    for (auto& entry : all) last.insert_or_assign(entry.change.key, entry.change);
    std::vector<wire::ItemChange> changes;
    for (auto& [key, change] : last) changes.push_back(std::move(change));

    const wire::DeltaBase delta_base{base, held->root};
    const auto manifest =
        delta_manifest(environment->manifest, environment->full.manifest, delta_base, tools_.clock.now());
    auto bytes = lines_of(tools_.signer.sign(manifest, environment->full));
    wire::append_changes(bytes, changes);
    metrics_.deltas_signed.add();
    const auto full_bytes =
        environment->full.line0.size() + environment->full.manifest.size() + environment->manifest.bytes;
    if (bytes.size() >= full_bytes && bytes.size() > 4096) co_return Document{};
    co_return Document{environment->version(), std::make_shared<const std::string>(std::move(bytes))};
}

awaitable<net::SharedBytes> RulesetSource::encoded(Document document, std::string name, Encoding encoding) {
    if (encoding == Encoding::identity) co_return document.bytes;
    const auto key = name + "|" + std::string(fanion::name_of(encoding));
    const auto turn = co_await take_turn(key);
    const auto* found = documents_.find(key);
    if (found && found->version == document.version) co_return found->bytes;
    auto work = [encoding, bytes = document.bytes] { return compress(encoding, *bytes); };
    auto packed = co_await tools_.blocking.compute(std::move(work));
    Document result{document.version, std::make_shared<const std::string>(std::move(packed))};
    keep(key, result);
    co_return result.bytes;
}

}  // namespace fanion::cp::publish
