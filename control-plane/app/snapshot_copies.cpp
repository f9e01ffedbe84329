#include "control-plane/app/snapshot_copies.hpp"

#include <algorithm>

#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

using boost::asio::awaitable;

namespace {

std::map<std::uint64_t, std::string> split_trust(const std::string& chain) {
    constexpr std::size_t largest = 1024 * 1024;
    wire::BundleSplitter splitter(largest);
    std::vector<std::string> documents;
    std::map<std::uint64_t, std::string> by_version;
    if (!splitter.feed(chain, documents) || !splitter.finish(documents)) return by_version;
    for (auto& bytes : documents) {
        if (const auto document = wire::read_bundle_document(bytes))
            by_version.emplace(document->trust, std::move(bytes));
    }
    return by_version;
}

}  // namespace

SnapshotCopies::SnapshotCopies(const Config& config, const ServiceDeps& deps, Services& services)
    : services_(services),
      log_(deps.log),
      stopped_(std::make_shared<std::atomic<bool>>(false)),
      pool_(std::max(1u, static_cast<unsigned>(config.publish_to.size()))) {
    const store::Access access{config.store_credentials, config.store_ca_file, config.outgoing_proxy, config.no_proxy,
                               stopped_};
    for (const auto& location : config.publish_to) {
        auto publisher = store::SnapshotPublisher::make(location, access, source(), {pool_, metrics_, deps.log});
        if (publisher) publishers_.push_back(std::move(*publisher));  // the configuration has only such that can be
    }
    store::register_metrics(deps.registry, metrics_);
}

SnapshotCopies::~SnapshotCopies() {
    stop();
    pool_.join();
}

void SnapshotCopies::start(net::TaskGroup& tasks) {
    for (const auto& publisher : publishers_) tasks.spawn("publish", publisher->run());
}

store::SnapshotSource SnapshotCopies::source() {
    store::SnapshotSource source;
    source.held = [this] {
        wire::Have held;
        // Whoever starts from a copy need not be a canary.
        for (const auto& [env_id, newest] : services_.catalog().environments())
            held.emplace(env_id.str(), services_.catalog().find_released(env_id)->version());
        return held;
    };
    source.trust = [this] { return split_trust(services_.keys().signer.trust().after(0)); };
    source.snapshot = [this](std::string env_id) { return snapshot(std::move(env_id)); };
    return source;
}

awaitable<std::shared_ptr<const std::string>> SnapshotCopies::snapshot(std::string env_id) {
    try {
        auto released = services_.catalog().find_released(access::EnvironmentId(std::move(env_id)));
        if (!released) co_return nullptr;
        auto making = services_.rulesets().full(std::move(released));
        const auto document = co_await std::move(making);
        co_return document.bytes;
    } catch (const db::PgError& error) {
        log_.warn("snapshot_unavailable", {{"detail", error.what()}, {"action", "retrying"}});
        co_return nullptr;
    }
}

}  // namespace fanion::cp::app
