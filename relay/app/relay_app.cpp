#include "relay/app/relay_app.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>
#include <thread>

#include "common/base/ids.hpp"
#include "relay/app/version.hpp"

namespace fanion::relay::app {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr auto last_delivery_limit = milliseconds(5'000);
constexpr auto task_limit = milliseconds(5'000);
constexpr auto longest_stream_spread = milliseconds(10'000);
constexpr auto tick = milliseconds(20);

unsigned serving_threads(const Config& config) {
    return config.threads > 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency());
}

cache::CacheConfig cache_config(const Config& config) {
    cache::CacheConfig cache;
    cache.directory = config.cache_dir;
    cache.max_bytes = config.max_ruleset_bytes;
    cache.max_environments = config.max_environments;
    return cache;
}

}  // namespace

Result<std::unique_ptr<RelayApp>> RelayApp::make(ParsedConfig parsed, LoadConfig reread, const Log& log) {
    const auto& config = parsed.config;
    auto lock = CacheLock::take(config.cache_dir);
    if (!lock) return lock.error();
    RelayIdentity identity;
    identity.relay = config.relay_id.empty() ? kept_relay_id(config.cache_dir) : config.relay_id;
    identity.boot = random_id("", 12);
    auto trust = cache::TrustChain::open(config.cache_dir + "/trust", config.trust);
    if (!trust) return trust.error();
    auto app = std::unique_ptr<RelayApp>(new RelayApp(std::move(parsed), std::move(reread), std::move(identity),
                                                      std::move(*lock), std::move(*trust), log));
    if (auto opened = app->open(); !opened) return opened.error();
    return app;
}

RelayApp::RelayApp(ParsedConfig parsed, LoadConfig reread, RelayIdentity identity, CacheLock lock,
                   cache::TrustChain trust, const Log& log)
    : config_(std::move(parsed.config)),
      load_config_(std::move(reread)),
      reload_(std::move(parsed.given), config_.log_level),
      identity_(std::move(identity)),
      lock_(std::move(lock)),
      log_(log),
      readiness_{config_.require_environments, config_.ready_max_stale},
      hangups_(control_.context(0).get_executor(), {SIGHUP}),
      pool_(config_.blocking_threads),
      tasks_(control_.context(0).get_executor(), log_),
      threads_(serving_threads(config_)),
      registry_(threads_),
      cache_(cache_config(config_), std::move(trust), {registry_, pool_, tasks_, clock_, log_, cache_metrics_}) {}

RelayApp::~RelayApp() {
    if (public_server_) public_server_->shut_down();
    control_.stop();
    control_.join();
    pool_.join();
}

Result<> RelayApp::open() {
    health_.started_at = clock_.now();
    cache_.load();
    if (auto opened = open_events(); !opened) return opened;
    public_server_ = std::make_unique<PublicServer>(config_, threads_, registry_, *events_, clock_);
    auto following = UpstreamFollower::make(control_.context(0).get_executor(), config_, identity_,
                                            {cache_, registry_, upstream_metrics_, clock_, log_});
    if (!following) return following.error();
    follower_ = std::move(*following);
    if (auto opened = public_server_->listen(log_); !opened) return opened;
    if (auto opened = open_operators(); !opened) return opened;
    register_all_metrics();
    connect();
    return {};
}

Result<> RelayApp::open_events() {
    accounting::RelayEventsConfig events;
    events.directory = config_.spool_dir;
    events.relay_id = identity_.relay;
    events.relay_name = identity_.relay;
    events.workers = threads_;
    for (const auto& origin : config_.upstreams) {
        net::ClientConfig upstream;
        upstream.origin = origin;
        upstream.ca_file = config_.upstream_ca_file;
        events.upstreams.push_back(std::move(upstream));
    }
    events.relay_key = config_.relay_key;
    events.flush_interval = config_.flush_interval;
    events.spool_bytes = config_.spool_bytes;
    auto opened =
        accounting::RelayEvents::open(std::move(events), control_.context(0).get_executor(), pool_, clock_, log_);
    if (!opened) return opened.error();
    events_ = std::move(*opened);
    return {};
}

Result<> RelayApp::open_operators() {
    operators_deps_ =
        std::make_unique<OperatorsDeps>(OperatorsDeps{health_, readiness_, identity_, registry_, cache_, cache_metrics_,
                                                      *follower_, *public_server_, *events_, metrics_, clock_});
    net::ServerConfig server;
    server.name = "operators";
    server.address = config_.operators_listen.address;
    server.port = config_.operators_listen.port;
    const auto make_router = [this](unsigned) { return make_operators_router(*operators_deps_); };
    const auto make_hook = [](unsigned) { return net::ResponseHook(); };
    auto listening = net::Server::listen(control_, std::move(server), make_router, make_hook, log_);
    if (!listening) return listening.error();
    operators_ = std::move(*listening);
    return {};
}

void RelayApp::register_all_metrics() {
    metrics_.gauge_from("fanion_build_info", "1; the label is the build", {{"version", version_text}},
                        [] { return 1.0; });
    metrics_.gauge_from("fanion_relay_synchronised", "1 once everything that is granted has arrived.", {}, [this] {
        const auto state = registry_.serving().load();
        return state && state->synchronised ? 1.0 : 0.0;
    });
    cache::register_metrics(metrics_, cache_metrics_, registry_, clock_);
    upstream::register_metrics(metrics_, upstream_metrics_);
    public_server_->register_metrics(metrics_);
    operators_->register_metrics(metrics_);
    events_->register_metrics(metrics_);
}

// Where data flows against the layers' arrows.
void RelayApp::connect() {
    registry_.subscribe(
        [this](const cache::ServingState&, std::string_view env_id) { public_server_->notify(env_id); });
    cache_.on_change([this] { follower_->notify(); });
}

int RelayApp::run() {
    follower_->start(tasks_);
    tasks_.spawn("housekeeping", cache_.run_housekeeping());
    tasks_.spawn("events_flush", events_->run_flush());
    tasks_.spawn("events_ship", events_->run_ship());
    tasks_.spawn("reload", run_reload());
    asio::co_spawn(control_.context(0), run_life(), asio::detached);
    public_server_->start();
    control_.start();
    control_.join();
    return 0;
}

asio::awaitable<void> RelayApp::run_life() {
    health_.started = true;
    const auto environments = std::uint64_t{cache_.have().size()};
    log_.info("relay_started", {{"relay", identity_.relay},
                                {"port", public_server_->port()},
                                {"threads", threads_},
                                {"operators_port", operators_->port()},
                                {"environments", environments},
                                {"millis", clock_.now() - health_.started_at}});
    co_await net::wait_for_stop_signal();
    health_.stopping = true;
    log_.info("relay_stopping", {{"drain_millis", std::int64_t{config_.drain_delay.count()}}});
    co_await net::sleep_for(config_.drain_delay);
    co_await drain_public_port();
    co_await events_->finish(last_delivery_limit);
    tasks_.request_stop();
    const bool ended = co_await tasks_.join(task_limit);
    if (!ended) log_.warn("tasks_left", {{"count", std::uint64_t{tasks_.size()}}});
    cache_.close();
    log_.info("relay_stopped");
    operators_->cut();
    control_.stop();
}

asio::awaitable<void> RelayApp::drain_public_port() {
    const auto deadline = std::chrono::steady_clock::now() + config_.stop_timeout;
    public_server_->begin_shutdown(std::min(config_.stop_timeout / 2, longest_stream_spread));
    while (public_server_->connections() > 0 && std::chrono::steady_clock::now() < deadline)
        co_await net::sleep_for(tick);
    public_server_->shut_down();
}

asio::awaitable<void> RelayApp::run_reload() {
    while (const int signal = co_await hangups_.next()) {
        try {
            reload();
        } catch (const std::exception& error) {  // a file that cannot even be looked at
            config::log_refused({error.what()}, log_);
        }
    }
}

// All of it or nothing.
void RelayApp::reload() {
    auto parsed = load_config_();
    if (parsed.errors.empty()) {
        if (auto taken = apply_fallible(parsed.config); !taken) parsed.fail(describe(taken.error()));
    }
    if (!parsed.errors.empty()) return config::log_refused(parsed.errors, log_);
    const auto options = describe_options(parsed.config);
    reload_.applied(options, parsed.given, parsed.config.log_level, log_);
    apply_rest(std::move(parsed.config));
}

// The first that fails leaves everything as it was.
Result<> RelayApp::apply_fallible(const Config& config) {
    if (auto taken = follower_->set_ca_file(config.upstream_ca_file); !taken) {
        return Error{taken.error().code, "--upstream-ca-file: " + taken.error().detail};
    }
    // The same file again must not take back what was learned since and could not be kept on disk.
    if (config.trust != config_.trust) {
        if (auto replaced = cache_.replace_trust(config.trust); !replaced) {
            return Error{replaced.error().code, "--trust: " + replaced.error().detail};
        }
    }
    return {};
}

void RelayApp::apply_rest(Config config) {
    if (auto taken = events_->set_ca_file(config.upstream_ca_file); !taken) {
        log_.error("ca_file_not_read", {{"error", describe(taken.error())}, {"action", "events use the one before"}});
    }
    const bool is_new_key = config.relay_key != config_.relay_key;
    events_->set_relay_key(config.relay_key);
    follower_->set_key(config.relay_key);
    if (is_new_key) log_.info("relay_key_reloaded");
    follower_->set_required(config);
    public_server_->reconfigure(config.serve);
    readiness_ = {config.require_environments, config.ready_max_stale};
    config_.relay_key = std::move(config.relay_key);
    config_.trust = std::move(config.trust);
    config_.drain_delay = config.drain_delay;
    config_.stop_timeout = config.stop_timeout;
}

}  // namespace fanion::relay::app
