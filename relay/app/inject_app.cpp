#include "relay/app/inject_app.hpp"

#include "common/net/media_type.hpp"
#include "common/service/descriptors.hpp"

namespace fanion::relay::app {

namespace asio = boost::asio;

namespace {

constexpr auto webhook_task_limit = std::chrono::milliseconds(5'000);

}  // namespace

Result<std::unique_ptr<InjectApp>> InjectApp::make(ParsedConfig parsed, LoadConfig load_config, const Log& log) {
    auto app = std::unique_ptr<InjectApp>(new InjectApp(std::move(parsed), std::move(load_config), log));
    if (auto opened = app->open(); !opened) return opened.error();
    return app;
}

InjectApp::InjectApp(ParsedConfig parsed, LoadConfig load_config, const Log& log)
    : config_(std::move(parsed.config)),
      log_(log),
      stop_(control_.context(0).get_executor()),
      reload_(control_.context(0).get_executor(), {std::move(load_config), describe_options},
              {std::move(parsed.given), config_.log_level}, pool_, log_),
      tls_reload_([this] { return service::tls_files(config_.ports); }, pool_, log_),
      tasks_(control_.context(0).get_executor(), log_) {}

InjectApp::~InjectApp() {
    control_.stop();
    control_.join();
    pool_.join();
}

Result<> InjectApp::open() {
    auto tls = service::load_tls(config_.ports);
    if (!tls) return tls.error();
    if (auto checked = service::check_expiry(*tls, tls_, config_.ports, log_); !checked) return checked;
    tls_ = std::move(*tls);
    const auto limit = service::raise_descriptor_limit();
    const auto reserve = service::descriptor_reserve(service::open_descriptors(), 1, 0);
    config_.limits.connections = service::connection_bounds(limit, reserve, {config_.limits.connections, 0}, log_).http;
    if (auto opened = open_webhook(); !opened) return opened;
    if (auto opened = open_operators_port(); !opened) return opened;
    webhook_->register_metrics(metrics_);
    inject::register_metrics(metrics_, counts_);
    tls_reload_.register_metrics(metrics_);
    return {};
}

Result<> InjectApp::open_webhook() {
    net::ServerConfig settings;
    settings.name = "inject";
    service::set_endpoint(settings, config_.listen, config_.ports);
    settings.tls = tls_.listen;
    settings.limits = config_.limits;
    const auto make_router = [this](unsigned) {
        net::Router router;
        router.sync(net::Method::post, "/inject",
                    [this](net::Request& request, net::Response& response) { handle_inject(request, response); });
        return router;
    };
    auto listening = net::Server::listen(control_, std::move(settings), make_router, {}, log_);
    if (!listening) return listening.error();
    webhook_ = std::move(*listening);
    return {};
}

Result<> InjectApp::open_operators_port() {
    const service::OperatorsPage page{
        .program = "fanion-relay",
        .health = health_,
        .metrics = metrics_,
        .not_ready_reason = [] { return std::string(); },
        .write_status = [](json::Writer& w) { w.member("command", "inject-webhook"); },
    };
    service::OperatorsPort port{config_.operators_listen, config_.ports, tls_.operators};
    auto listening = service::listen_operators(control_, std::move(port), page, log_);
    if (!listening) return listening.error();
    operators_ = std::move(*listening);
    return {};
}

void InjectApp::handle_inject(net::Request& request, net::Response& response) {
    Result<inject::Verdict> verdict = Error{Errc::unsupported_media_type, "an AdmissionReview is application/json"};
    if (net::has_media_type(request.header("Content-Type"), "application/json") &&
        net::is_identity(request.header("Content-Encoding"))) {
        verdict = inject::review(request.body, *config_.sidecar);
    }
    if (!verdict) {
        counts_.malformed.add();
        log_.warn("review_malformed", {{"peer", request.peer}, {"error", describe(verdict.error())}});
        response = net::problem(verdict.error(), request.request_id());
        return;
    }
    counts_.count(verdict->outcome);
    log_verdict(*verdict);
    response.body = inject::answer(*verdict);
}

void InjectApp::log_verdict(const inject::Verdict& verdict) const {
    if (verdict.outcome == inject::Outcome::added) {
        log_.info("sidecar_added", {{"namespace", verdict.space},
                                    {"pod", verdict.pod},
                                    {"environments", verdict.environments},
                                    {"dry_run", verdict.is_dry_run}});
    }
    if (verdict.outcome == inject::Outcome::refused) {
        log_.warn("sidecar_refused", {{"namespace", verdict.space},
                                      {"pod", verdict.pod},
                                      {"reason", verdict.message},
                                      {"dry_run", verdict.is_dry_run}});
    }
}

int InjectApp::run() {
    tasks_.spawn("reload", reload_.run([this](Config config) { return apply(std::move(config)); }));
    tasks_.spawn("tls_reload", tls_reload_.run([this] { return apply_tls(config_.ports); }));
    service::run_life(control_, run_life(), log_);
    return service::finish(clean_, log_);
}

asio::awaitable<void> InjectApp::run_life() {
    health_.started = true;
    log_.info("inject_started", {{"port", webhook_->port()}, {"operators_port", operators_->port()}});
    const int signal = co_await stop_.wait();
    health_.stopping = true;
    log_.info("stopping", {{"signal", signal}, {"drain_millis", std::int64_t{config_.drain_delay.count()}}});
    co_await net::sleep_for(config_.drain_delay);
    webhook_->stop_accepting();
    webhook_->drain();
    const bool drained = co_await webhook_->join(config_.stop_timeout);
    if (!drained) webhook_->cut();
    tasks_.request_stop();
    const bool joined = co_await tasks_.join(webhook_task_limit);
    clean_ = joined;
    operators_->cut();
}

// All of it or nothing, as of a relay. The sidecar's file was read when the configuration was loaded.
asio::awaitable<Result<>> InjectApp::apply(Config config) {
    auto ports = service::reread(config_.ports, config.ports);
    if (!ports) co_return ports.error();
    auto applying = apply_tls(std::move(*ports));
    const auto applied = co_await std::move(applying);
    if (!applied) {
        tls_reload_.count_failure();
        co_return applied.error();
    }
    config_.sidecar = std::move(config.sidecar);
    config_.drain_delay = config.drain_delay;
    config_.stop_timeout = config.stop_timeout;
    co_return boost::system::in_place_value;
}

asio::awaitable<Result<>> InjectApp::apply_tls(service::PortOptions ports) {
    const std::function<Result<service::PortsTls>()> load = [ports] { return service::load_tls(ports); };
    auto loading = pool_.compute(load);
    auto tls = co_await std::move(loading);
    if (!tls) co_return tls.error();
    if (auto checked = service::check_expiry(*tls, tls_, ports, log_); !checked) co_return checked.error();
    tls_ = std::move(*tls);
    config_.ports = std::move(ports);
    webhook_->set_tls(tls_.listen);
    if (tls_.operators) operators_->set_tls(tls_.operators);
    co_return boost::system::in_place_value;
}

}  // namespace fanion::relay::app
