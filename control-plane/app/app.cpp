#include "control-plane/app/app.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <future>
#include <thread>

#include "control-plane/app/database_start.hpp"
#include "control-plane/app/operators.hpp"
#include "control-plane/app/version.hpp"

namespace fanion::cp::app {

namespace asio = boost::asio;
using asio::awaitable;
using namespace std::chrono_literals;

namespace {

// Starts the private cluster again when it ended by itself.
awaitable<void> run_embedded_watch(embedded_postgres::EmbeddedPostgres& embedded, net::BlockingPool& blocking,
                                   const Log& log) {
    const std::function<Result<>()> look = [&embedded] { return embedded.ensure_running(); };
    for (;;) {
        const auto running = co_await blocking.compute(look);
        if (!running) log.error("embedded_postgres_down", {{"detail", running.error().detail}});
        co_await net::sleep_for(500ms);
    }
}

}  // namespace

App::App(ParsedConfig parsed, LoadConfig reread, const Log& log)
    : config_(std::move(parsed.config)),
      load_config_(std::move(reread)),
      reload_(std::move(parsed.given), config_.log_level),
      log_(log),
      hangups_(main_.get_executor(), {SIGHUP}),
      blocking_(config_.blocking_threads),
      workers_(1) {}

App::~App() = default;

int App::run() {
    auto wait = net::wait_for_stop_signal();
    asio::co_spawn(main_, std::move(wait), [this](std::exception_ptr, int number) { signal_ = number; });
    main_.poll();
    const bool started = start();
    if (started) wait_for_signal();
    stop();
    return started || signal_ != 0 ? 0 : 1;
}

bool App::start() {
    auto database = Database::open(config_, log_);
    if (!database) return refuse("database_failed", database.error());
    database_.emplace(std::move(*database));
    if (!open_operators_port()) return false;
    auto instance = reach_database();
    return instance && start_serving(std::move(*instance)) && open_public_port();
}

bool App::refuse(const char* what, const Error& error) {
    log_.error(what, {{"detail", describe(error)}});
    return false;
}

bool App::open_operators_port() {
    net::ServerConfig settings;
    settings.name = "operators";
    settings.address = config_.operators_listen.address;
    settings.port = config_.operators_listen.port;
    const auto make_router = [this](unsigned) { return make_operators_router(health_, registry_); };
    auto server = net::Server::listen(workers_, settings, make_router, {}, log_);
    if (!server) return refuse("listen_failed", server.error());
    operators_ = std::move(*server);
    operators_->register_metrics(registry_);
    registry_.gauge_from("fanion_build_info", "1; the label is the build", {{"version", version_text}},
                         [] { return 1.0; });
    workers_.start();
    workers_run_ = true;
    log_.info("listening",
              {{"port", "operators"}, {"address", settings.address}, {"number", unsigned{operators_->port()}}});
    return true;
}

// Nothing when we are told to stop before there is a database, or when no waiting helps.
std::optional<publish::Instance> App::reach_database() {
    std::optional<publish::Instance> instance;
    bool ended = false;
    auto task = open_database(main_.get_executor(), database_->conninfo(), config_, clock_, log_);
    asio::co_spawn(main_, std::move(task), [&](std::exception_ptr error, Result<publish::Instance> result) {
        ended = true;
        if (error) {
            log_.error("database_failed", {{"detail", "a failure that is not the database's"}});
        } else if (!result) {
            refuse("database_failed", result.error());
        } else {
            instance = std::move(*result);
        }
    });
    while (!ended && signal_ == 0) main_.run_one();
    return instance;
}

bool App::start_serving(publish::Instance instance) {
    if (instance.is_new_epoch)
        log_.warn("new_epoch", {{"epoch", instance.epoch}, {"reason", "the database is another than before"}});
    auto keys = load_keys(config_, instance.iss, clock_.now());
    if (!keys) return refuse("keys_failed", keys.error());
    const ServiceDeps parts{workers_.context(0).get_executor(), blocking_, registry_, clock_, log_};
    log_.info("starting", {{"version", version_text}, {"iss", instance.iss}, {"epoch", instance.epoch}});
    services_ =
        std::make_unique<Services>(parts, config_, database_->conninfo(), std::move(instance), std::move(*keys));
    on_io_thread([this] {
        services_->start(health_);
        if (auto* embedded = database_->embedded()) {
            services_->tasks().spawn("embedded_watch", run_embedded_watch(*embedded, blocking_, log_));
        }
        health_.services = services_.get();
    });
    return true;
}

bool App::open_public_port() {
    net::ServerConfig settings;
    settings.name = "public";
    settings.address = config_.listen.address;
    settings.port = config_.listen.port;
    const auto make_router = [this](unsigned) {
        net::Router router;
        services_->add_routes(router);
        return router;
    };
    const auto make_hook_of = [this](unsigned) { return make_hook(); };
    auto server = net::Server::listen(workers_, settings, make_router, make_hook_of, log_);
    if (!server) return refuse("listen_failed", server.error());
    public_ = std::move(*server);
    public_->register_metrics(registry_);
    health_.started = true;
    log_.info("listening", {{"port", "public"}, {"address", settings.address}, {"number", unsigned{public_->port()}}});
    return true;
}

// One line per request, and the request's id in every answer.
net::ResponseHook App::make_hook() const {
    return [&log = log_](net::Request& request, net::Response& response, std::string_view pattern) {
        response.set("X-Request-Id", std::string(request.request_id()));
        log.info("request", {{"method", net::name_of(request.method)},
                             {"route", pattern},
                             {"status", response.status},
                             {"request_id", request.request_id()},
                             {"peer", request.peer}});
    };
}

void App::wait_for_signal() {
    asio::co_spawn(main_, run_reload(), asio::detached);
    while (signal_ == 0) main_.run_one();
    log_.info("stopping", {{"signal", signal_}});
}

awaitable<void> App::run_reload() {
    while (const int signal = co_await hangups_.next()) {
        try {
            reload();
        } catch (const std::exception& error) {  // a file that cannot even be looked at
            config::log_refused({error.what()}, log_);
        }
    }
}

// All of it or nothing. What this reads from the disk is read on the main thread, which serves nobody.
void App::reload() {
    auto parsed = load_config_();
    if (parsed.errors.empty()) {
        if (auto taken = reload_keys(parsed.config); !taken) parsed.fail(describe(taken.error()));
    }
    if (!parsed.errors.empty()) return config::log_refused(parsed.errors, log_);
    const auto options = describe_options(parsed.config);
    reload_.applied(options, parsed.given, parsed.config.log_level, log_);
    config_.stop_timeout = parsed.config.stop_timeout;
}

Result<> App::reload_keys(Config reread) {
    reread.data_dir = config_.data_dir;  // another one takes a restart
    auto keys = load_keys(reread, services_->instance().iss, clock_.now());
    if (!keys) return keys.error();
    const auto version = keys->signer.trust().newest().version;
    Result<> taken;
    on_io_thread([&] {
        const auto in_force = services_->trust_version();
        if (version < in_force) {
            taken = Error{Errc::invalid_input, "--trust: version " + std::to_string(version) + " is older than " +
                                                   std::to_string(in_force) + ", which is in force"};
        } else {
            services_->replace_keys(std::move(*keys));
        }
    });
    return taken;
}

// Shared, as is the promise below: the waiting thread may go on before the other one has finished telling it.
void App::on_io_thread(std::function<void()> work) {
    const auto task = std::make_shared<std::packaged_task<void()>>(std::move(work));
    asio::post(workers_.context(0), [task] { (*task)(); });
    task->get_future().get();
}

// True when no connection was left at the limit.
bool App::await_no_connections(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (public_->connections() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(10ms);
    return public_->connections() == 0;
}

// No new connections, answers under way go out, streams end; what is left at the limit is cut.
bool App::drain() {
    public_->stop_accepting();
    on_io_thread([this] { services_->end_streams(); });
    public_->drain();
    if (await_no_connections(config_.stop_timeout)) return true;
    public_->cut();
    return await_no_connections(2s);
}

bool App::end_tasks() {
    const auto joined = std::make_shared<std::promise<bool>>();
    on_io_thread([this] { services_->tasks().request_stop(); });
    auto join = services_->tasks().join(5s);
    asio::co_spawn(workers_.context(0), std::move(join),
                   [joined](std::exception_ptr error, bool all) { joined->set_value(!error && all); });
    return joined->get_future().get();
}

void App::stop() {
    health_.stopping = true;
    const bool drained = !public_ || drain();
    const bool ended = !services_ || end_tasks();
    if (workers_run_) {
        workers_.stop();
        workers_.join();
    }
    blocking_.join();
    if (database_) database_->close();
    log_.info("stopped", {{"clean", drained && ended}});
    if (drained && ended) return;
    // Whatever did not end in time still refers to what would be destroyed now.
    log_.warn("exit_without_cleanup", {{"connections_closed", drained},
                                       {"tasks_ended", ended},
                                       {"action", "exiting at once; committed data is safe"}});
    std::_Exit(0);
}

}  // namespace fanion::cp::app
