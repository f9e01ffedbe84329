#include "relay/app/stores.hpp"

#include <algorithm>
#include <utility>

#include "common/wire/envelope.hpp"

namespace fanion::relay::app {

using boost::asio::awaitable;

namespace {

unsigned threads_for(const Config& config) {
    const auto publishers = static_cast<unsigned>(config.publish_to.size());
    return std::max(1u, publishers + (config.bootstrap.empty() ? 0u : 1u));
}

std::shared_ptr<const std::string> full_bytes(const cache::EnvironmentState& state) {
    auto bytes = std::make_shared<std::string>();
    bytes->reserve(state.full_head.size() + state.items->bytes());
    *bytes = state.full_head;
    wire::append_items(*bytes, *state.items);
    return bytes;
}

}  // namespace

Result<std::unique_ptr<Stores>> Stores::make(const Config& config, StoresDeps deps) {
    std::unique_ptr<Stores> stores(new Stores(config, deps));
    if (auto opened = stores->open_publishers(config); !opened) return opened.error();
    return stores;
}

Stores::Stores(const Config& config, StoresDeps deps)
    : deps_(deps),
      has_upstream_(!config.upstreams.empty()),
      stopped_(std::make_shared<std::atomic<bool>>(false)),
      access_{config.store_credentials, config.store_ca_file, config.upstream_proxy, config.no_proxy, stopped_},
      pool_(threads_for(config)) {
    if (config.bootstrap.empty()) return;
    bootstrap::BootstrapConfig bootstrap;
    bootstrap.places = config.bootstrap;
    bootstrap.access = access_;
    bootstrap.max_bytes = config.max_ruleset_bytes;
    bootstrap_ = std::make_unique<bootstrap::Bootstrap>(std::move(bootstrap), bootstrap_sink(),
                                                        bootstrap::BootstrapDeps{pool_, bootstrap_metrics_, deps_.log});
}

Stores::~Stores() {
    stop();
    pool_.join();
}

Result<> Stores::open_publishers(const Config& config) {
    for (const auto& location : config.publish_to) {
        auto publisher = store::SnapshotPublisher::make(location, access_, snapshot_source(),
                                                        {pool_, publisher_metrics_, deps_.log});
        if (!publisher) return publisher.error();
        publishers_.push_back(std::move(*publisher));
    }
    return {};
}

void Stores::start(net::TaskGroup& tasks) {
    if (bootstrap_) tasks.spawn("bootstrap", bootstrap_->run());
    for (const auto& publisher : publishers_) tasks.spawn("publish", publisher->run());
}

void Stores::register_metrics(telemetry::Registry& registry) const {
    bootstrap::register_metrics(registry, bootstrap_metrics_);
    store::register_metrics(registry, publisher_metrics_);
}

bootstrap::BootstrapSink Stores::bootstrap_sink() {
    bootstrap::BootstrapSink sink;
    sink.held = [this] { return deps_.cache.have(); };
    sink.trust_version = [this] { return deps_.cache.trust_version(); };
    sink.append_trust = [this](std::string_view bytes) { return deps_.cache.append_trust(bytes); };
    sink.deliver = [this](std::string env_id, std::string bytes) {
        return deliver(std::move(env_id), std::move(bytes));
    };
    sink.lacks_data = [this] { return lacks_data(); };
    sink.is_delivered = [this] {
        const auto state = deps_.registry.current();
        return has_upstream_ && state && state->is_synchronised();
    };
    sink.only = [this] { return deps_.readiness.required; };
    // Nobody else grants anything: what the places have is all there is.
    sink.on_read = [this] {
        if (!has_upstream_) deps_.registry.set_synchronised(true);
    };
    return sink;
}

store::SnapshotSource Stores::snapshot_source() {
    store::SnapshotSource source;
    source.held = [this] { return deps_.cache.have(); };
    source.trust = [this] { return deps_.cache.trust_documents(); };
    source.snapshot = [this](std::string env_id) { return snapshot(std::move(env_id)); };
    return source;
}

awaitable<wire::Verdict> Stores::deliver(std::string env_id, std::string bytes) {
    auto delivering = deps_.cache.deliver_snapshot(env_id, std::move(bytes));
    auto verdict = co_await std::move(delivering);
    if (!verdict.rejection) deps_.follower.on_held(env_id, verdict.version);
    co_return verdict;
}

// Null also while only a delta's manifest is known, which others could not pass on.
awaitable<std::shared_ptr<const std::string>> Stores::snapshot(std::string env_id) {
    const auto accepted = deps_.cache.accepted();
    const auto at = std::ranges::find(accepted, env_id, [](const auto& state) { return state->env_id; });
    if (at == accepted.end() || (*at)->full_head.empty()) co_return nullptr;
    const std::function<std::shared_ptr<const std::string>()> make = [state = *at] { return full_bytes(*state); };
    auto making = pool_.compute(make);
    co_return co_await std::move(making);
}

bool Stores::lacks_data() const {
    cache::ServingState accepted;  // what is accepted is served as soon as it is written
    accepted.environments = deps_.cache.accepted();
    return !not_ready_reason(&accepted, {deps_.readiness.required, std::nullopt}, 0).empty();
}

}  // namespace fanion::relay::app
