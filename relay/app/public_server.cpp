#include "relay/app/public_server.hpp"

#include <boost/asio/post.hpp>

#include "relay/serve/routes.hpp"

namespace fanion::relay::app {
namespace {

serve::EvaluationTracing tracing_of(const Config& config, telemetry::Tracer* tracer) {
    const telemetry::TraceSampler sampler(config.tracing.evaluation_ratio);
    if (sampler.takes_none()) return {};
    return {tracer, sampler, config.tracing.context_ids};
}

}  // namespace

PublicServer::PublicServer(const Config& config, unsigned threads, Deps deps)
    : workers_(threads), documents_(deps.pool) {
    settings_.name = "public";
    service::set_endpoint(settings_, config.listen, config.ports);
    settings_.tls = std::move(deps.tls);
    settings_.limits = config.limits;
    settings_.trusted_proxies = config.proxies;
    for (unsigned worker = 0; worker < threads; ++worker) {
        const serve::WorkerIdentity identity{worker, threads, workers_.context(worker).get_executor()};
        const serve::SharedDeps common{deps.registry, documents_,   sdks_,     deps.events.intake(),
                                       deps.reports,  deps.batches, deps.pool, tracing_of(config, deps.tracer)};
        deps_.push_back(std::make_unique<serve::WorkerDeps>(identity, common, deps.events.counters(worker), deps.clock,
                                                            config.serve));
    }
}

Result<> PublicServer::listen(const Log& log) {
    const auto make_router = [this](unsigned worker) {
        net::Router router;
        serve::add_routes(router, *deps_[worker]);
        return router;
    };
    auto listening = net::Server::listen(workers_, settings_, make_router, {}, log);
    if (!listening) return listening.error();
    server_ = std::move(*listening);
    return {};
}

void PublicServer::register_metrics(telemetry::Registry& registry) const {
    std::vector<const serve::ServeMetrics*> metrics;
    for (const auto& deps : deps_) metrics.push_back(&deps->metrics);
    serve::register_metrics(registry, std::span<const serve::ServeMetrics* const>(metrics));
    registry.gauges_from("fanion_relay_sdk_streams", "Open streams and polls of rulesets by SDK.",
                         [this] { return sdks_.samples(); });
    server_->register_metrics(registry);
}

void PublicServer::take_attributes(const boost::asio::any_io_executor& control,
                                   std::function<void(const attributes::Noted&)> sink) {
    for (unsigned worker = 0; worker < deps_.size(); ++worker) {
        auto take = [deps = deps_[worker].get(), control, sink] {
            auto noted = deps->sampler.take();
            if (noted.empty()) return;
            boost::asio::post(control, [sink, noted = std::move(noted)] { sink(noted); });
        };
        boost::asio::post(workers_.context(worker), std::move(take));
    }
}

void PublicServer::notify(std::string_view env_id) {
    for (unsigned worker = 0; worker < deps_.size(); ++worker) {
        auto wake = [deps = deps_[worker].get(), env = std::string(env_id)] { deps->notifier.notify(env); };
        boost::asio::post(workers_.context(worker), std::move(wake));
    }
}

void PublicServer::notify_head(std::string_view env_id) {
    for (unsigned worker = 0; worker < deps_.size(); ++worker) {
        auto wake = [deps = deps_[worker].get(), env = std::string(env_id)] { deps->notifier.notify_head(env); };
        boost::asio::post(workers_.context(worker), std::move(wake));
    }
}

void PublicServer::reconfigure(const serve::ServeConfig& config) {
    for (unsigned worker = 0; worker < deps_.size(); ++worker) {
        auto reconfigure = [deps = deps_[worker].get(), config] { deps->reconfigure(config); };
        boost::asio::post(workers_.context(worker), std::move(reconfigure));
    }
}

void PublicServer::begin_shutdown(std::chrono::milliseconds spread) {
    server_->stop_accepting();
    for (unsigned worker = 0; worker < deps_.size(); ++worker) {
        auto end = [deps = deps_[worker].get(), spread] { deps->notifier.end_streams(spread); };
        boost::asio::post(workers_.context(worker), std::move(end));
    }
    server_->drain();
}

void PublicServer::shut_down() {
    if (server_) server_->cut();
    workers_.stop();
    workers_.join();
}

std::uint64_t PublicServer::streams() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& deps : deps_) sum += deps->metrics.streams();
    return sum;
}

}  // namespace fanion::relay::app
