#include "control-plane/app/app.hpp"

#include <cstdlib>

#include "common/base/ids.hpp"
#include "common/grpc/port_metrics.hpp"
#include "common/service/descriptors.hpp"
#include "common/service/main.hpp"
#include "common/service/manager.hpp"
#include "common/service/operators.hpp"
#include "common/service/profiling.hpp"
#include "common/service/version.hpp"
#include "common/telemetry/trace_log.hpp"
#include "control-plane/app/database_start.hpp"
#include "control-plane/app/sinks.hpp"
#include "control-plane/app/status.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

namespace {

constexpr auto cut_limit = 2s;
constexpr auto task_limit = 5s;

// Restarts the private cluster when it ended by itself.
awaitable<void> run_embedded_watch(embedded_postgres::EmbeddedPostgres& embedded, net::BlockingPool& blocking,
                                   const Log& log) {
    const std::function<Result<>()> ensure_running = [&embedded] { return embedded.ensure_running(); };
    for (;;) {
        const auto running = co_await blocking.compute(ensure_running);
        if (!running) log.error("embedded_postgres_down", {{"detail", running.error().detail}});
        co_await net::sleep_for(500ms);
    }
}

// One line per request, and the request's id in every answer.
net::ResponseHook request_log(const Log& log) {
    return [&log](net::Request& request, net::Response& response, std::string_view pattern) {
        response.set("X-Request-Id", std::string(request.request_id()));
        log.info("request", {{"method", net::name_of(request.method)},
                             {"route", pattern},
                             {"status", response.status},
                             {"request_id", request.request_id()},
                             {"peer", request.peer},
                             telemetry::TraceField(request.trace)});
    };
}

void log_listening(const Log& log, const char* port, const config::Endpoint& endpoint, unsigned number) {
    const auto address = endpoint.path.empty() ? endpoint.address : config::to_string(endpoint);
    log.info("listening", {{"port", port}, {"address", address}, {"number", number}});
}

}  // namespace

App::App(ParsedConfig parsed, LoadConfig load_config, const Log& log)
    : config_(std::move(parsed.config)),
      log_(log),
      blocking_(config_.blocking_threads),
      workers_(serving_threads(config_)),
      stop_(workers_.context(0).get_executor()),
      reload_(workers_.context(0).get_executor(), {std::move(load_config), describe_options},
              {std::move(parsed.given), config_.log_level}, blocking_, log_),
      tls_reload_([this] { return service::tls_files(config_.ports); }, blocking_, log_),
      tasks_(workers_.context(0).get_executor(), log_),
      trace_tasks_(workers_.context(0).get_executor(), log_),
      tracing_(config_.tracing, random_id("", 12)) {}

App::~App() { blocking_.join(); }

Result<int> App::run() {
    if (auto opened = open_pages(); !opened) return opened.error();
    const auto tls = service::load_tls(config_.ports);
    if (!tls) return tls.error();
    if (auto checked = service::check_expiry(*tls, tls_, config_.ports, log_); !checked) return checked.error();
    if (auto opened = tracing_.open(workers_.context(0).get_executor(), log_); !opened) return opened.error();
    auto sinks = open_sinks(config_);
    if (!sinks) return sinks.error();
    sinks_ = std::move(*sinks);
    auto database = Database::open(config_, log_);
    if (!database) return database.error();
    database_.emplace(std::move(*database));
    if (auto opened = open_operators_port(tls->operators); !opened) {
        database_->close();
        return opened.error();
    }
    tasks_.spawn("start", run_start());
    tracing_.start(trace_tasks_);
    service::run_life(workers_, run_life(), log_);
    if (clean_) blocking_.join();  // otherwise a job may never end, and finish() does not wait for it
    database_->close();
    const int status = service::finish(clean_, log_);
    return start_failed_ ? EXIT_FAILURE : status;
}

Result<> App::open_pages() {
    auto viewer = ApiViewer::open(config_.api_viewer);
    if (!viewer) return viewer.error();
    viewer_ = std::move(*viewer);
    std::optional<web::Bundle> bundle;
    if (const auto file = dashboard_file(config_); !file.empty()) {
        auto opened = web::Bundle::open(file);
        if (!opened) return Error{opened.error().code, "--dashboard: " + opened.error().detail, {}};
        bundle = std::move(*opened);
        log_.info("dashboard_loaded",
                  {{"file", file.string()}, {"files", bundle->files()}, {"bytes", bundle->bytes()}});
    }
    pages_.emplace(std::move(bundle), public_prefix(config_), web_metrics_);
    return {};
}

Result<> App::open_operators_port(net::ServerTlsPtr tls) {
    const service::OperatorsPage page{
        .program = "fanion-control-plane",
        .health = health_,
        .metrics = registry_,
        .not_ready_reason = [this] { return not_ready_reason(started_); },
        .write_status = [this](json::Writer& w) { write_status(w, started_); },
        .add_routes = [this](net::Router& r) { service::add_profiling_routes(r, config_.allow_profiling, blocking_); },
    };
    service::OperatorsPort port{config_.operators_listen, config_.ports, std::move(tls)};
    auto listening = service::listen_operators(workers_, std::move(port), page, log_);
    if (!listening) return listening.error();
    operators_ = std::move(*listening);
    tls_reload_.register_metrics(registry_);
    tracing_.register_metrics(registry_);
    grpc_port::register_metrics(registry_, [this] {
        const auto* const server = serves_grpc_.load();
        return server ? server->counts() : grpc_port::Counts();
    });
    log_listening(log_, "operators", config_.operators_listen, operators_->port());
    return {};
}

awaitable<void> App::run_life() {
    const int signal = co_await stop_.wait();
    health_.stopping = true;
    service::tell_manager(service::manager_stopping, log_);
    if (signal != 0) log_.info("stopping", {{"signal", signal}});
    tasks_.request_stop();
    const bool drained = co_await drain();
    const bool ended = co_await end_tasks();
    co_await tracing_.finish();
    trace_tasks_.request_stop();
    const bool exported = co_await trace_tasks_.join(task_limit);
    operators_->cut();
    clean_ = drained && ended && exported;
}

// Ends the process where the start fails; a stop that comes first is no failure.
awaitable<void> App::run_start() {
    try {
        auto starting = start();
        const auto started = co_await std::move(starting);
        if (health_.stopping) co_return;
        if (started) {
            health_.started = true;
            service::tell_manager(service::manager_ready, log_);
            tasks_.spawn("tls_reload", tls_reload_.run([this] { return apply_tls(); }));
            tasks_.spawn("reload", reload_.run([this](Config config) { return apply(std::move(config)); }));
            co_return;
        }
        service::log_start_failed(started.error(), log_);
        start_failed_ = true;
    } catch (...) {
        if (health_.stopping) throw;
        start_failed_ = true;
        stop_.request();
        throw;  // the task group logs it
    }
    stop_.request();
}

awaitable<Result<>> App::start() {
    const auto executor = workers_.context(0).get_executor();
    auto opening = open_database(executor, database_->conninfo(), config_, clock_, log_);
    auto instance = co_await std::move(opening);
    if (!instance) co_return instance.error();
    auto starting = start_services(std::move(*instance));
    const auto started = co_await std::move(starting);
    if (!started) co_return started.error();
    auto loading = load_tls(config_.ports);  // again: the database may have been long in coming
    const auto tls = co_await std::move(loading);
    if (!tls) co_return tls.error();
    // A stop that came meanwhile has found no port to drain: none may be opened after it.
    if (health_.stopping) co_return Error{Errc::unavailable, "stopped during the start"};
    limit_connections();
    if (auto opened = open_public_port(tls->listen); !opened) co_return opened.error();
    tls_ = *tls;
    co_return open_grpc_port();
}

awaitable<Result<>> App::start_services(publish::Instance instance) {
    if (instance.is_new_epoch) {
        log_.warn("new_epoch", {{"epoch", instance.epoch}, {"reason", "this is not the database of the last start"}});
    }
    auto loading = load_keys(config_, instance.iss);
    auto keys = co_await std::move(loading);
    if (!keys) co_return keys.error();
    if (health_.stopping) co_return Error{Errc::unavailable, "stopped during the start"};
    log_.info("starting", {{"version", service::version_text},
                           {"iss", instance.iss},
                           {"epoch", instance.epoch},
                           {"threads", workers_.size()}});
    const ServingDeps deps{workers_, blocking_, registry_, clock_, log_, sinks_, tracing_.requests()};
    serving_ = std::make_unique<Serving>(deps, config_, database_->conninfo(), std::move(instance));
    auto starting = serving_->start(std::move(*keys));
    co_await std::move(starting);
    started_ = serving_.get();
    if (auto* embedded = database_->embedded()) {
        serving_->tasks().spawn("embedded_watch", run_embedded_watch(*embedded, blocking_, log_));
    }
    co_return boost::system::in_place_value;
}

Result<> App::open_public_port(net::ServerTlsPtr tls) {
    net::ServerConfig settings;
    settings.name = "public";
    service::set_endpoint(settings, config_.listen, config_.ports);
    settings.tls = std::move(tls);
    settings.trusted_proxies = config_.proxies;
    settings.limits.connections = connections_;
    const auto make_router = [this](unsigned thread) {
        net::Router router;
        serving_->add_routes(router, thread);
        pages_->add_routes(router);
        if (viewer_.is_given()) {
            viewer_.add_routes(router);
        } else {
            pages_->add_docs(router);
        }
        return router;
    };
    const auto make_hook = [this](unsigned) { return request_log(log_); };
    auto server = net::Server::listen(workers_, std::move(settings), make_router, make_hook, log_);
    if (!server) return server.error();
    public_ = std::move(*server);
    public_->register_metrics(registry_);
    log_listening(log_, "public", config_.listen, public_->port());
    return {};
}

Result<> App::open_grpc_port() {
    if (config_.grpc_listen.address.empty() || health_.stopping) return {};
    grpc::Port port{workers_.context(0).get_executor(), {}, request_log(log_), config_.proxies, log_};
    serving_->add_routes(port.router, 0);
    auto server = grpc::Server::listen({.address = config_.grpc_listen.address,
                                        .port = config_.grpc_listen.port,
                                        .tls = tls_.listen,
                                        .connections = config_.grpc_connections},
                                       std::move(port), grpc_metrics_);
    if (!server) return server.error();
    grpc_ = std::move(*server);
    serves_grpc_ = grpc_.get();
    log_listening(log_, "grpc", config_.grpc_listen, grpc_->port());
    return {};
}

// The pools open their connections as they are needed; two more of each thread listen, and there are those of webhooks,
// rollouts and sinks.
void App::limit_connections() {
    const auto limit = service::raise_descriptor_limit();
    const auto to_database = pool_connections(config_) + 2 * workers_.size() + Background::webhook_connections +
                             Background::rollout_connections + (sinks_.empty() ? 0 : Background::sink_connections);
    const auto reserve = service::descriptor_reserve(service::open_descriptors(), workers_.size(), to_database);
    const auto over_grpc = config_.grpc_listen.address.empty() ? 0 : config_.grpc_connections;
    const auto bounds = service::connection_bounds(limit, reserve, {connections_, over_grpc}, log_);
    connections_ = bounds.http;
    config_.grpc_connections = bounds.grpc;
}

// On the blocking pool, because it reads, writes and locks files.
awaitable<Result<Keys>> App::load_keys(const Config& config, std::string iss) {
    const std::function<Result<Keys>()> load = [config, iss, now = clock_.now()] {
        return app::load_keys(config, iss, now);
    };
    auto loading = blocking_.compute(load);
    co_return co_await std::move(loading);
}

// Files are read on the blocking pool.
awaitable<Result<service::PortsTls>> App::load_tls(const service::PortOptions& ports) {
    const std::function<Result<service::PortsTls>()> load = [ports] { return service::load_tls(ports); };
    auto loading = blocking_.compute(load);
    co_return co_await std::move(loading);
}

awaitable<Result<>> App::apply_tls() {
    auto loading = load_tls(config_.ports);
    const auto tls = co_await std::move(loading);
    if (!tls) co_return tls.error();
    if (auto checked = service::check_expiry(*tls, tls_, config_.ports, log_); !checked) co_return checked.error();
    set_tls(*tls);
    co_return boost::system::in_place_value;
}

void App::set_tls(const service::PortsTls& tls) {
    tls_ = tls;
    if (tls.listen && grpc_) grpc_->set_tls(*tls.listen);
    if (tls.listen) public_->set_tls(tls.listen);
    if (tls.operators) operators_->set_tls(tls.operators);
}

awaitable<Result<>> App::apply(Config config) {
    config.data_dir = config_.data_dir;  // changing it takes a restart
    const auto ports = service::reread(config_.ports, config.ports);
    if (!ports) co_return ports.error();
    auto loading_tls = load_tls(*ports);
    const auto tls = co_await std::move(loading_tls);
    const auto usable = tls ? service::check_expiry(*tls, tls_, *ports, log_) : Result<>(tls.error());
    if (!usable) {
        tls_reload_.count_failure();
        co_return usable.error();
    }
    auto loading = load_keys(config, serving_->instance().iss);
    auto keys = co_await std::move(loading);
    if (!keys) co_return keys.error();
    const auto version = keys->signer.trust().newest().version;
    const auto in_force = serving_->trust_version();
    if (version < in_force) {
        Error older{Errc::invalid_input, "--trust: version " + std::to_string(version) + " is older than version " +
                                             std::to_string(in_force) + ", which is in force"};
        co_return older;
    }
    auto replacing = serving_->replace_keys(std::move(*keys));
    co_await std::move(replacing);
    set_tls(*tls);
    config_.ports = *ports;
    config_.stop_timeout = config.stop_timeout;
    co_return boost::system::in_place_value;
}

// False when connections were open even after the cut.
awaitable<bool> App::drain() {
    if (!public_) co_return true;
    public_->stop_accepting();
    if (grpc_) grpc_->drain(config_.stop_timeout);
    serving_->end_streams();
    public_->drain();
    bool drained = co_await public_->join(config_.stop_timeout);
    if (!drained) {
        public_->cut();
        drained = co_await public_->join(cut_limit);
    }
    if (!grpc_) co_return drained;
    const bool ended = co_await grpc_->join(config_.stop_timeout + cut_limit);
    co_return drained&& ended;
}

// False when tasks were running at the limit. The start may add services until its task has ended, so that is joined first.
awaitable<bool> App::end_tasks() {
    const bool own = co_await tasks_.join(task_limit);
    if (!serving_) co_return own;
    const bool served = co_await serving_->end_tasks(task_limit);
    co_return served&& own;
}

}  // namespace fanion::cp::app
