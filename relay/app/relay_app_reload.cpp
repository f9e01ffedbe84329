// A relay's configuration and its files, read again while it runs.

#include "relay/app/relay_app.hpp"

namespace fanion::relay::app {

namespace asio = boost::asio;

// All of it or nothing; the first failure ends the reload. Files are read on the blocking pool. The trust document was verified
// when the configuration was loaded.
asio::awaitable<Result<>> RelayApp::apply(Config config) {
    auto ports = service::reread(config_.ports, config.ports);
    if (!ports) co_return ports.error();
    config.ports = std::move(*ports);
    config.upstreams = config_.upstreams;  // changing them takes a restart
    auto loading = load_tls(config);
    const auto tls = co_await std::move(loading);
    const auto usable = tls ? check_expiry(*tls, config) : Result<>(tls.error());
    if (!usable) {
        tls_reload_.count_failure();
        co_return usable.error();
    }
    // Rebuilding the chain from an unchanged file would lose successors that could not be stored on disk.
    if (config.trust != config_.trust) {
        auto replacing = cache_.replace_trust(config.trust);
        const auto replaced = co_await std::move(replacing);
        if (!replaced) co_return Error{replaced.error().code, "--trust: " + replaced.error().detail};
    }
    set_tls(*tls);
    apply_rest(std::move(config));
    co_return boost::system::in_place_value;
}

asio::awaitable<Result<RelayApp::Tls>> RelayApp::load_tls(const Config& config) {
    const std::function<Result<Tls>()> load = [config] { return Tls::load(config); };
    auto loading = pool_.compute(load);
    co_return co_await std::move(loading);
}

asio::awaitable<Result<>> RelayApp::apply_tls() {
    auto loading = load_tls(config_);
    const auto tls = co_await std::move(loading);
    if (!tls) co_return tls.error();
    if (auto checked = check_expiry(*tls, config_); !checked) co_return checked.error();
    set_tls(*tls);
    co_return boost::system::in_place_value;
}

Result<> RelayApp::check_expiry(const Tls& tls, const Config& config) const {
    const auto& own = config.upstream_tls.certificate;
    if (tls.upstream && !own.empty()) {
        const auto before = tls_.upstream ? net::certificate_expires_at(*tls_.upstream) : 0;
        const auto expires_at = net::certificate_expires_at(*tls.upstream);
        const auto checked = service::check_expiry({"--upstream-cert", own, expires_at, before}, log_);
        if (!checked) return checked;
    }
    return service::check_expiry(tls.ports, tls_.ports, config.ports, log_);
}

void RelayApp::set_tls(const Tls& tls) {
    if (tls.upstream) {
        follower_->set_tls(tls.upstream);
        events_->set_tls(tls.upstream);
        passed_shipper_->set_tls(tls.upstream);
    }
    tls_ = tls;
    if (tls.ports.listen) public_server_->set_tls(tls.ports.listen);
    if (tls.ports.listen && grpc_) grpc_->set_tls(*tls.ports.listen);
    if (tls.ports.operators) operators_->set_tls(tls.ports.operators);
}

void RelayApp::apply_rest(Config config) {
    const bool is_new_key = config.relay_key != config_.relay_key;
    events_->set_relay_key(config.relay_key);
    passed_shipper_->set_relay_key(config.relay_key);
    follower_->set_key(config.relay_key);
    if (is_new_key) log_.info("relay_key_reloaded");
    follower_->set_required(config);
    public_server_->reconfigure(config.serve);
    readiness_ = {config.require_environments, config.ready_max_stale};
    config_.relay_key = std::move(config.relay_key);
    config_.trust = std::move(config.trust);
    config_.ports = std::move(config.ports);
    config_.upstream_ca_file = std::move(config.upstream_ca_file);
    config_.upstream_tls = std::move(config.upstream_tls);
    config_.drain_delay = config.drain_delay;
    config_.stop_timeout = config.stop_timeout;
}

}  // namespace fanion::relay::app
