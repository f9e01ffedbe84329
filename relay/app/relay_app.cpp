#include "relay/app/relay_app.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <thread>

#include "common/base/ids.hpp"
#include "common/grpc/port_metrics.hpp"
#include "common/service/descriptors.hpp"
#include "common/service/manager.hpp"
#include "common/service/profiling.hpp"
#include "common/service/version.hpp"
#include "relay/app/relay_id.hpp"
#include "relay/app/status.hpp"
#include "relay/cache/crash_mark.hpp"
#include "relay/chain/chain_metrics.hpp"

namespace fanion::relay::app {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr auto last_delivery_limit = milliseconds(5'000);
constexpr auto last_attempt_limit = milliseconds(500);  // while upstream is not connected
constexpr auto task_limit = milliseconds(5'000);
constexpr auto longest_stream_spread = milliseconds(10'000);
constexpr auto attribute_interval = milliseconds(10'000);
constexpr auto keep_interval = milliseconds(10'000);  // between checks of the cache directory

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

bool uses_tls(const Config& config) {
    return std::ranges::any_of(config.upstreams, [](const auto& url) { return url.starts_with("https://"); });
}

std::vector<std::string> files_of_tls(const Config& config) {
    auto files = service::tls_files(config.ports);
    for (const auto* file : {&config.upstream_ca_file, &config.upstream_tls.certificate, &config.upstream_tls.key}) {
        if (!file->empty()) files.push_back(*file);
    }
    return files;
}

}  // namespace

// Where no upstream is https its files play no part.
Result<RelayApp::Tls> RelayApp::Tls::load(const Config& config) {
    Tls tls;
    auto ports = service::load_tls(config.ports);
    if (!ports) return ports.error();
    tls.ports = std::move(*ports);
    if (!uses_tls(config)) return tls;
    auto upstream = net::make_client_tls(config.upstream_ca_file, config.upstream_tls);
    if (!upstream) {
        const bool is_of_authorities = upstream.error().code == Errc::unavailable;
        return Error{upstream.error().code,
                     (is_of_authorities ? "--upstream-ca-file: " : "--upstream-cert: ") + upstream.error().detail};
    }
    tls.upstream = std::move(*upstream);
    return tls;
}

Result<RelayApp::CacheDirectory> RelayApp::CacheDirectory::open(const Config& config) {
    auto lock = FileLock::try_acquire_directory(config.cache_dir);
    if (!lock) return lock.error();
    RelayIdentity identity;
    identity.relay = config.relay_id.empty() ? load_relay_id(config.cache_dir) : config.relay_id;
    identity.boot = random_id("", 12);
    identity.labels = config.labels;
    auto trust = cache::TrustChain::open(config.cache_dir + "/trust", config.trust);
    if (!trust) return trust.error();
    const bool crashed = cache::take_crash_mark(config.cache_dir);
    cache::mark_crashes(config.cache_dir);
    return CacheDirectory{std::move(*lock), std::move(identity), std::move(*trust), crashed};
}

Result<std::unique_ptr<RelayApp>> RelayApp::make(ParsedConfig parsed, LoadConfig load_config, const Log& log) {
    auto directory = CacheDirectory::open(parsed.config);
    if (!directory) return directory.error();
    auto app =
        std::unique_ptr<RelayApp>(new RelayApp(std::move(parsed), std::move(load_config), std::move(*directory), log));
    if (auto opened = app->open(); !opened) return opened.error();
    return app;
}

RelayApp::RelayApp(ParsedConfig parsed, LoadConfig load_config, CacheDirectory directory, const Log& log)
    : config_(std::move(parsed.config)),
      lock_(std::move(directory.lock)),
      crashed_before_(directory.crashed),
      identity_(std::move(directory.identity)),
      log_(log),
      readiness_{config_.require_environments, config_.ready_max_stale},
      stop_(control_.context(0).get_executor()),
      pool_(config_.blocking_threads),
      reload_(control_.context(0).get_executor(), {std::move(load_config), describe_options},
              {std::move(parsed.given), config_.log_level}, pool_, log_),
      tls_reload_([this] { return files_of_tls(config_); }, pool_, log_),
      tasks_(control_.context(0).get_executor(), log_),
      tracing_(config_.tracing, identity_.relay),
      threads_(serving_threads(config_)),
      registry_(threads_),
      cache_(cache_config(config_), std::move(directory.trust),
             {registry_, pool_, tasks_, clock_, log_, cache_metrics_, tracing_.requests()}),
      children_(identity_.relay) {}

RelayApp::~RelayApp() {
    if (public_server_) public_server_->shut_down();
    control_.stop();
    control_.join();
    pool_.join();
}

Result<> RelayApp::open() {
    started_at_ = clock_.now();
    if (crashed_before_) log_.error("earlier_process_crashed", {{"cache_dir", config_.cache_dir}});
    cache_.load(crashed_before_);
    auto tls = Tls::load(config_);
    if (!tls) return tls.error();
    if (auto checked = check_expiry(*tls, config_); !checked) return checked;
    tls_ = *tls;
    if (auto opened = tracing_.open(control_.context(0).get_executor(), log_); !opened) return opened;
    if (auto opened = open_events(tls->upstream); !opened) return opened;
    if (auto opened = open_passed_batches(tls->upstream); !opened) return opened;
    limit_connections();
    public_server_ = std::make_unique<PublicServer>(config_, threads_,
                                                    PublicServer::Deps{registry_, *events_, pool_, children_, *passed_,
                                                                       clock_, tls->ports.listen, tracing_.tracer()});
    auto following = UpstreamFollower::make(control_.context(0).get_executor(), config_, tls->upstream, identity_,
                                            {cache_, registry_, upstream_metrics_, clock_, log_, children_, *events_});
    if (!following) return following.error();
    follower_ = std::move(*following);
    auto stores = Stores::make(config_, {cache_, registry_, *follower_, readiness_, log_});
    if (!stores) return stores.error();
    stores_ = std::move(*stores);
    if (auto opened = public_server_->listen(log_); !opened) return opened;
    if (auto opened = open_operators_port(tls->ports.operators); !opened) return opened;
    register_all_metrics();
    connect();
    return open_grpc_port();  // the last: its calls can be ended only once the workers run
}

// What is open now has been opened for good; each upstream gets a stream, polls and reports, and deliveries of events.
void RelayApp::limit_connections() {
    const auto limit = service::raise_descriptor_limit();
    const auto outgoing = 8 * config_.upstreams.size();
    const auto reserve = service::descriptor_reserve(service::open_descriptors(), threads_, outgoing);
    const auto over_grpc = config_.grpc_listen ? config_.grpc_connections : 0;
    const auto bounds = service::connection_bounds(limit, reserve, {config_.limits.connections, over_grpc}, log_);
    config_.limits.connections = bounds.http;
    config_.grpc_connections = bounds.grpc;
}

Result<> RelayApp::open_events(const net::ClientTls& tls) {
    accounting::RelayEventsConfig events;
    events.directory = config_.spool_dir;
    events.relay_id = identity_.relay;
    events.relay_name = identity_.relay;
    events.workers = threads_;
    events.upstreams = event_upstreams(tls);
    events.relay_key = config_.relay_key;
    events.flush_interval = config_.flush_interval;
    events.spool_bytes = config_.spool_bytes;
    auto opened =
        accounting::RelayEvents::open(std::move(events), control_.context(0).get_executor(), pool_, clock_, log_);
    if (!opened) return opened.error();
    events_ = std::move(*opened);
    return {};
}

std::vector<net::ClientConfig> RelayApp::event_upstreams(const net::ClientTls& tls) const {
    std::vector<net::ClientConfig> upstreams;
    for (const auto& origin : config_.upstreams) {
        net::ClientConfig upstream;
        upstream.origin = origin;
        upstream.tls = tls;
        upstream.proxies = config_.upstream_proxies;
        upstreams.push_back(std::move(upstream));
    }
    return upstreams;
}

// In the directory that events_ has locked.
Result<> RelayApp::open_passed_batches(const net::ClientTls& tls) {
    spool::SpoolConfig spool;
    spool.directory = config_.spool_dir + "/below";
    spool.disk_bytes = config_.spool_bytes;
    const auto control = control_.context(0).get_executor();
    passed_ =
        std::make_unique<chain::PassedBatches>(std::move(spool), identity_.relay + '.' + identity_.boot + '.', log_);
    auto shipper = forward::Shipper::make({control, pool_, clock_, log_}, event_upstreams(tls), config_.relay_key,
                                          passed_->spool());
    if (!shipper) return shipper.error();
    passed_shipper_ = std::move(*shipper);
    passed_->on_stored([this, control] { boost::asio::post(control, [this] { passed_shipper_->wake(); }); });
    return {};
}

Result<> RelayApp::open_operators_port(net::ServerTlsPtr tls) {
    const auto reason = [this] {
        const auto state = registry_.serving().load();
        return not_ready_reason(state.get(), readiness_, clock_.now());
    };
    const service::OperatorsPage page{
        .program = "fanion-relay",
        .health = health_,
        .metrics = metrics_,
        .not_ready_reason = reason,
        .write_status = [this](json::Writer& w) { write_status(w); },
        .add_routes =
            [this](net::Router& router) {
                add_debug_routes(router, registry_);
                service::add_profiling_routes(router, config_.allow_profiling, pool_);
            },
    };
    service::OperatorsPort port{config_.operators_listen, config_.ports, std::move(tls)};
    auto listening = service::listen_operators(control_, std::move(port), page, log_);
    if (!listening) return listening.error();
    operators_ = std::move(*listening);
    return {};
}

Result<> RelayApp::open_grpc_port() {
    if (!config_.grpc_listen) return {};
    std::vector<std::unique_ptr<grpc::Worker>> workers;
    for (unsigned worker = 0; worker < threads_; ++worker) {
        workers.push_back(
            std::make_unique<grpc::Worker>(public_server_->deps(worker), public_server_->executor(worker)));
    }
    const auto& [address, port, path] = *config_.grpc_listen;
    const grpc::PortOptions options{.address = address,
                                    .port = port,
                                    .socket_path = path,
                                    .socket_mode = config_.ports.socket_mode,
                                    .tls = tls_.ports.listen,
                                    .key = config_.grpc_key,
                                    .version = service::version_text,
                                    .connections = config_.grpc_connections,
                                    .connections_per_address = config_.limits.connections_per_address,
                                    .trusted_proxies = config_.proxies,
                                    .calls = config_.limits.connections};
    auto opened = grpc::Port::open(options, std::move(workers), pool_, control_.context(0).get_executor(), log_);
    if (!opened) return opened.error();
    grpc_ = std::move(*opened);
    log_.info("grpc_listening", {{"address", config::to_string(*config_.grpc_listen)}, {"port", grpc_->port()}});
    return {};
}

void RelayApp::write_status(json::Writer& w) const {
    const auto state = registry_.serving().load();
    w.member("relay", identity_.relay).member("boot", identity_.boot).member("started_at", started_at_);
    w.member("synchronised", state && state->is_synchronised()).member("trust", cache_.trust_version());
    write_upstream(w, *follower_);
    write_environments(w, cache_.report(), clock_.now());
    write_nacks(w, cache_metrics_);
    w.member("streams", public_server_->streams()).member("connections", std::uint64_t{public_server_->connections()});
    w.key("events");
    accounting::write_status(w, events_->status());
    w.key("below");
    chain::write_status(w, children_, *passed_);
}

void RelayApp::register_all_metrics() {
    metrics_.gauge_from("fanion_relay_synchronised", "1 while everything that is granted has arrived.", {}, [this] {
        const auto state = registry_.serving().load();
        return state && state->is_synchronised() ? 1.0 : 0.0;
    });
    cache::register_metrics(metrics_, cache_metrics_, registry_, clock_);
    upstream::register_metrics(metrics_, upstream_metrics_);
    stores_->register_metrics(metrics_);
    public_server_->register_metrics(metrics_);
    events_->register_metrics(metrics_);
    register_environment_evaluations(metrics_, events_->tally(), registry_);
    chain::register_metrics(metrics_, children_, *passed_, passed_shipper_->metrics());
    tls_reload_.register_metrics(metrics_);
    tracing_.register_metrics(metrics_);
    grpc_port::register_metrics(metrics_, [this] { return grpc_ ? grpc_->counts() : grpc_port::Counts(); });
    metrics_.gauge_from("fanion_relay_attribute_names", "Names of contexts' attributes that are noted.", {},
                        [this] { return static_cast<double>(follower_->attributes().names()); });
}

// Data that flows from lower layers to higher ones: a change in the cache goes to the event streams and to the status report.
void RelayApp::connect() {
    registry_.subscribe(
        [this](const cache::ServingState&, std::string_view env_id) { public_server_->notify(env_id); });
    registry_.on_head([this](std::string_view env_id) { public_server_->notify_head(env_id); });
    cache_.on_change([this] { follower_->notify(); });
    children_.on_put([this] { boost::asio::post(control_.context(0), [this] { follower_->notify(); }); });
}

int RelayApp::run() {
    tracing_.start(tasks_);
    follower_->start(tasks_);
    stores_->start(tasks_);
    tasks_.spawn("housekeeping", cache_.run_housekeeping());
    tasks_.spawn("cache_directory", run_keep_directory());
    if (config_.serve.attribute_names) tasks_.spawn("attributes", run_attributes());
    tasks_.spawn("events_flush", events_->run_flush());
    tasks_.spawn("events_intake", events_->run_intake());
    if (!config_.upstreams.empty()) {
        tasks_.spawn("events_ship", events_->run_ship());
        tasks_.spawn("passed_events_ship", passed_shipper_->run());
    }
    tasks_.spawn("reload", reload_.run([this](Config config) { return apply(std::move(config)); }));
    tasks_.spawn("tls_reload", tls_reload_.run([this] { return apply_tls(); }));
    public_server_->start();
    service::run_life(control_, run_life(), log_);
    return service::finish(clean_, log_);
}

asio::awaitable<void> RelayApp::run_life() {
    health_.started = true;
    const auto environments = std::uint64_t{cache_.have().size()};
    log_.info("relay_started", {{"relay", identity_.relay},
                                {"port", public_server_->port()},
                                {"threads", threads_},
                                {"operators_port", operators_->port()},
                                {"environments", environments},
                                {"millis", clock_.now() - started_at_}});
    service::tell_manager(service::manager_ready, log_);
    const int signal = co_await stop_.wait();
    health_.stopping = true;
    service::tell_manager(service::manager_stopping, log_);
    log_.info("stopping", {{"signal", signal}, {"drain_millis", std::int64_t{config_.drain_delay.count()}}});
    co_await net::sleep_for(config_.drain_delay);
    const bool drained = co_await drain_public_port();
    const auto& upstream = follower_->stream();
    const auto limit = upstream.connected || upstream.polling ? last_delivery_limit : last_attempt_limit;
    const bool sealed = co_await events_->finish(limit);
    stores_->stop();
    co_await tracing_.finish();
    tasks_.request_stop();
    const bool joined = co_await tasks_.join(task_limit);
    if (joined) {  // otherwise a task may be writing the same files
        auto close = cache_.close();
        clean_ = co_await pool_.run_for(std::move(close), task_limit);
    }
    clean_ = clean_ && sealed && drained;
    operators_->cut();
}

// The cache directory may be removed under the running process, or become writable: what the cache does not write again.
asio::awaitable<void> RelayApp::run_keep_directory() {
    std::string problem;  // logged once
    const bool has_own_id = config_.relay_id.empty();
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(keep_interval)) {
        const std::function<Result<bool>()> renew = [this, has_own_id]() -> Result<bool> {
            auto renewed = lock_.renew_directory(config_.cache_dir);
            if (renewed && has_own_id) restore_relay_id(config_.cache_dir, identity_.relay);
            return renewed;
        };
        auto renewing = pool_.compute(renew);
        const auto renewed = co_await std::move(renewing);
        if (renewed && *renewed) log_.info("cache_directory_locked", {{"cache_dir", config_.cache_dir}});
        const auto now = renewed ? std::string() : renewed.error().detail;
        if (!now.empty() && now != problem) log_.error("cache_directory_lost", {{"problem", now}});
        problem = now;
    }
}

// The names of contexts' attributes go from the workers to the status report.
asio::awaitable<void> RelayApp::run_attributes() {
    const auto note = [this](const attributes::Noted& noted) { follower_->note(noted); };
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(attribute_interval)) {
        public_server_->take_attributes(control_.context(0).get_executor(), note);
    }
}

asio::awaitable<bool> RelayApp::drain_public_port() {
    bool ended = true;
    public_server_->begin_shutdown(std::min(config_.stop_timeout / 2, longest_stream_spread));
    if (grpc_) grpc_->drain(config_.stop_timeout);
    co_await public_server_->join(config_.stop_timeout);
    if (grpc_) {
        ended = co_await grpc_->join(config_.stop_timeout + task_limit);
        if (!ended) grpc_.release();  // its threads use what this owns: the process ends without destroying it
    }
    public_server_->shut_down();
    co_return ended;
}

}  // namespace fanion::relay::app
