#include "tests/unit/relay/simulation/relay_node.hpp"

#include <boost/asio/post.hpp>
#include <cstdlib>
#include <utility>

#include "tests/unit/relay/simulation/control_plane.hpp"

namespace fanion::test {

namespace {

// FANION_TEST_LOG=1 shows the logs of a seed.
int log_file() { return std::getenv("FANION_TEST_LOG") == nullptr ? -1 : 2; }

relay::app::Config config_of(const NodePlace& place) {
    relay::app::Config config;
    config.upstreams = {place.upstream.origin()};
    config.relay_key = ControlPlane::relay_key;
    config.cache_dir = place.directory;
    config.spool_dir = place.directory + "/events";
    config.flush_interval = std::chrono::milliseconds(3'000);
    config.serve.attribute_names = false;
    return config;
}

relay::cache::CacheConfig cache_config(const std::string& directory) {
    relay::cache::CacheConfig config;
    config.directory = directory;
    return config;
}

std::vector<net::ClientConfig> upstreams_of(const NodePlace& place) {
    return {net::ClientConfig{.origin = place.upstream.origin()}};
}

relay::accounting::RelayEventsConfig events_config(const NodePlace& place, const relay::app::Config& config) {
    relay::accounting::RelayEventsConfig events;
    events.directory = config.spool_dir;
    events.relay_id = place.name;
    events.upstreams = upstreams_of(place);
    events.relay_key = config.relay_key;
    events.flush_interval = config.flush_interval;
    return events;
}

relay::spool::SpoolConfig passed_config(const relay::app::Config& config) {
    relay::spool::SpoolConfig spool;
    spool.directory = config.spool_dir + "/below";
    return spool;
}

}  // namespace

RelayNode::Serving::Serving(const NodePlace& place, RelayNode& node)
    : batches(passed_config(node.config_), place.name + ".boot.", node.log_),
      shipper(relay::forward::Shipper::make({node.context_.get_executor(), place.pool, place.machine, node.log_},
                                            upstreams_of(place), node.config_.relay_key, batches.spool())
                  .value()),
      documents(place.pool),
      services({0, 1, node.context_.get_executor()},
               {node.registry_, documents, sdks, node.events_->intake(), node.children_, batches, place.pool},
               node.events_->counters(0), place.machine, node.config_.serve),
      server(*place.below, node.tasks_, services, *place.hostility) {}

RelayNode::RelayNode(const NodePlace& place)
    : log_(log_file()),
      config_(config_of(place)),
      tasks_(context_.get_executor(), log_),
      cache_(cache_config(place.directory),
             relay::cache::TrustChain::open(place.directory + "/trust", place.trust).value(),
             {registry_, place.pool, tasks_, place.machine, log_, cache_metrics_}),
      children_(place.name) {
    cache_.load(false);
    const auto executor = context_.get_executor();
    events_ =
        relay::accounting::RelayEvents::open(events_config(place, config_), executor, place.pool, place.machine, log_)
            .value();
    follower_ = relay::app::UpstreamFollower::make(
                    executor, config_, {}, {place.name, "boot"},
                    {cache_, registry_, upstream_metrics_, place.machine, log_, children_, *events_})
                    .value();
    if (place.below) serving_.emplace(place, *this);
    connect();
    follower_->start(tasks_);
    tasks_.spawn("housekeeping", cache_.run_housekeeping());
    tasks_.spawn("events_flush", events_->run_flush());
    tasks_.spawn("events_ship", events_->run_ship());
    if (serving_) tasks_.spawn("passed_events_ship", serving_->shipper->run());
}

// As RelayApp::connect().
void RelayNode::connect() {
    cache_.on_change([this] { follower_->notify(); });
    if (!serving_) return;
    const auto post = [this](auto work) { boost::asio::post(context_, std::move(work)); };
    registry_.subscribe([this, post](const relay::cache::ServingState&, std::string_view env_id) {
        post([this, env = std::string(env_id)] { serving_->services.notifier.notify(env); });
    });
    registry_.on_head([this, post](std::string_view env_id) {
        post([this, env = std::string(env_id)] { serving_->services.notifier.notify_head(env); });
    });
    children_.on_put([this, post] { post([this] { follower_->notify(); }); });
    serving_->batches.on_stored([this, post] { post([this] { serving_->shipper->wake(); }); });
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

relay::chain::PassedStatus RelayNode::passed_status() const {
    return serving_ ? serving_->batches.status() : relay::chain::PassedStatus{};
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

}  // namespace fanion::test
