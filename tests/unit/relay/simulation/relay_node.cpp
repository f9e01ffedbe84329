#include "tests/unit/relay/simulation/relay_node.hpp"

#include <cstdlib>
#include <utility>

namespace fanion::test {

namespace {

// FANION_TEST_LOG=1 shows the log of a seed.
int log_file() { return std::getenv("FANION_TEST_LOG") == nullptr ? -1 : 2; }

relay::cache::CacheConfig cache_config(const std::string& directory) {
    relay::cache::CacheConfig config;
    config.directory = directory;
    return config;
}

relay::upstream::UpstreamConfig upstream_config() {
    relay::upstream::UpstreamConfig config;
    config.origins = {"http://upstream"};
    return config;
}

relay::accounting::RelayEventsConfig events_config(const std::string& directory) {
    relay::accounting::RelayEventsConfig config;
    config.directory = directory + "/events";
    config.relay_id = "relay";
    config.upstreams = {net::ClientConfig{.origin = "http://upstream"}};
    config.flush_interval = std::chrono::milliseconds(3'000);
    return config;
}

}  // namespace

RelayNode::RelayNode(Machine& machine, net::BlockingPool& pool, const std::string& directory, const std::string& trust)
    : log_(log_file()),
      tasks_(context_.get_executor(), log_),
      cache_(cache_config(directory), relay::cache::TrustChain::open(directory + "/trust", trust).value(),
             {registry_, pool, tasks_, machine, log_, cache_metrics_}),
      upstreams_(relay::upstream::Upstreams::make(context_.get_executor(), upstream_config(), "key").value()),
      trust_(upstreams_,
             {[this] { return cache_.trust_version(); },
              [this](std::string_view bytes) { return cache_.append_trust(bytes); }},
             log_) {
    cache_.load(false);
    const auto executor = context_.get_executor();
    synchroniser_ = std::make_unique<relay::upstream::Synchroniser>(
        cache_.have(),
        [this](std::string env_id, relay::upstream::Document document, std::string bytes) {
            return deliver(std::move(env_id), document, std::move(bytes));
        },
        relay::upstream::SynchroniserDeps{upstreams_, trust_, machine, log_, upstream_metrics_});
    polls_ = std::make_unique<relay::upstream::PollClient>(upstreams_, *synchroniser_, std::vector<std::string>(),
                                                           upstream_metrics_, log_);
    stream_ = std::make_unique<relay::upstream::StreamClient>(
        executor, relay::upstream::ReconnectParameters{}, upstream_config().idle,
        relay::upstream::StreamClientDeps{upstreams_, *synchroniser_, *polls_, machine, log_, upstream_metrics_});
    events_ = relay::accounting::RelayEvents::open(events_config(directory), executor, pool, machine, log_).value();
    tasks_.spawn("upstream_stream", stream_->run());
    tasks_.spawn("housekeeping", cache_.run_housekeeping());
    tasks_.spawn("event_flush", events_->run_flush());
    tasks_.spawn("event_ship", events_->run_ship());
}

// Cancels all tasks: the disk and the network have nothing to do with this process any more.
RelayNode::~RelayNode() {
    tasks_.request_stop();
    for (unsigned turn = 0; turn < 100 && tasks_.size() > 0; ++turn) run();
}

void RelayNode::run() {
    context_.restart();
    context_.poll();
}

void RelayNode::count(const std::string& flag, std::uint64_t evaluations) {
    relay::events::Counted counted;
    counted.state = 1;
    counted.env_id = "e_1";
    counted.flag = flag;
    counted.reason = "STATIC";
    counted.version = 1;
    counted.flag_index = static_cast<std::size_t>(flag.back());
    events_->counters(0).count(counted, evaluations);
}

boost::asio::awaitable<wire::Verdict> RelayNode::deliver(std::string env_id, relay::upstream::Document document,
                                                         std::string bytes) {
    if (document == relay::upstream::Document::head) co_return cache_.deliver_head(env_id, bytes);
    auto delivering = cache_.deliver_ruleset(std::move(env_id), std::move(bytes));
    co_return co_await std::move(delivering);
}

}  // namespace fanion::test
