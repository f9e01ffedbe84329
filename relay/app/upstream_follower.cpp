#include "relay/app/upstream_follower.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include "common/service/version.hpp"
#include "common/wire/backoff.hpp"
#include "common/wire/labels.hpp"
#include "relay/upstream/granted.hpp"

namespace fanion::relay::app {

namespace asio = boost::asio;

namespace {

constexpr auto settle_time = std::chrono::milliseconds(250);
constexpr auto compare_pause = std::chrono::seconds(1);  // the least between requests for the list of what is granted

upstream::UpstreamConfig upstream_config(const Config& config, net::ClientTls tls) {
    upstream::UpstreamConfig upstream;
    upstream.origins = config.upstreams;
    upstream.labels = wire::format_labels(config.labels);
    upstream.tls = std::move(tls);
    upstream.proxies = config.upstream_proxies;
    upstream.idle = config.upstream_idle;
    upstream.body_limit = config.max_ruleset_bytes + 1024 * 1024;  // a ruleset that is too large is rejected as such
    return upstream;
}

upstream::ReconnectParameters reconnect_parameters(const Config& config) {
    upstream::ReconnectParameters parameters;
    parameters.upstreams = config.upstreams.size();
    parameters.poll_interval = config.poll_interval;
    return parameters;
}

std::vector<std::string> required_ids(const Config& config) {
    std::vector<std::string> ids;
    for (const auto& name : config.require_environments) {
        if (wire::is_valid_env_id(name)) ids.push_back(name);
    }
    return ids;
}

upstream::TrustSink trust_sink(cache::EnvironmentCache& cache) {
    return {[&cache] { return cache.trust_version(); },
            [&cache](std::string_view bytes) { return cache.append_trust(bytes); }};
}

}  // namespace

Result<std::unique_ptr<UpstreamFollower>> UpstreamFollower::make(asio::any_io_executor control, const Config& config,
                                                                 net::ClientTls tls, const RelayIdentity& identity,
                                                                 UpstreamFollowerDeps deps) {
    auto upstreams = upstream::Upstreams::make(control, upstream_config(config, std::move(tls)), config.relay_key);
    if (!upstreams) return upstreams.error();
    return std::unique_ptr<UpstreamFollower>(
        new UpstreamFollower(std::move(control), config, identity, deps, std::move(*upstreams)));
}

UpstreamFollower::UpstreamFollower(asio::any_io_executor control, const Config& config, const RelayIdentity& identity,
                                   UpstreamFollowerDeps deps, upstream::Upstreams upstreams)
    : deps_(deps),
      identity_(identity),
      upstreams_(std::move(upstreams)),
      trust_(upstreams_, trust_sink(deps.cache), deps.log),
      synchroniser_(deps.cache.have(),
                    [this](std::string env_id, upstream::Document document, std::string bytes) {
                        return deliver(std::move(env_id), document, std::move(bytes));
                    },
                    {upstreams_, trust_, deps.clock, deps.log, deps.metrics}),
      polls_(upstreams_, synchroniser_, required_ids(config), deps.metrics, deps.log),
      stream_(control, reconnect_parameters(config), config.upstream_idle,
              {upstreams_, synchroniser_, polls_, deps.clock, deps.log, deps.metrics}),
      reporter_(control, upstreams_, status_source(), deps.metrics, deps.log) {}

void UpstreamFollower::start(net::TaskGroup& tasks) {
    if (upstreams_.origin().empty()) return;
    tasks.spawn("upstream_stream", stream_.run());
    tasks.spawn("status_report", reporter_.run());
    tasks.spawn("synchronised_watch", run_synchronised_watch());
}

void UpstreamFollower::set_key(std::string relay_key) {
    upstreams_.set_key(std::move(relay_key));
    stream_.on_credential_changed();
}

void UpstreamFollower::set_required(const Config& config) { polls_.set_wanted(required_ids(config)); }

asio::awaitable<wire::Verdict> UpstreamFollower::deliver(std::string env_id, upstream::Document document,
                                                         std::string bytes) {
    if (document == upstream::Document::head) co_return deps_.cache.deliver_head(env_id, bytes);
    auto delivering = deps_.cache.deliver_ruleset(std::move(env_id), std::move(bytes));
    co_return co_await std::move(delivering);
}

// Rulesets arrive one by one, and nothing on the stream marks the last. All that is granted has arrived when the stream
// is complete, no environment was added for `settle_time`, and all that the upstream's list names is held, in the version
// it names: a key may be new in it. Until then, and whenever something is missing again, an unknown key may be one that
// has not arrived.
asio::awaitable<void> UpstreamFollower::run_synchronised_watch() {
    std::size_t before = 0;
    std::uint64_t compared = 0;  // the connection on which the list was found to be held
    auto compare_at = std::chrono::steady_clock::now();
    wire::Backoff backoff;
    std::mt19937 engine{std::random_device{}()};
    std::uniform_real_distribution<> random(0, 1);
    for (;;) {
        const auto state = deps_.registry.current();
        const auto served = state ? state->environments.size() : 0;
        const bool settled = served == before && is_complete(served);
        const bool due = compared != synchroniser_.connections() && std::chrono::steady_clock::now() >= compare_at;
        if (settled && due) {
            const auto connection = synchroniser_.connections();
            const bool holds_all = co_await holds_all_granted();
            if (holds_all) compared = connection;
            if (holds_all) backoff.reset();
            const auto wait = holds_all ? std::chrono::milliseconds() : backoff.next(random(engine));
            compare_at = std::chrono::steady_clock::now() + std::max<std::chrono::milliseconds>(wait, compare_pause);
        }
        deps_.registry.set_synchronised(settled && is_complete(served) && compared == synchroniser_.connections());
        before = served;
        if (const bool slept = co_await net::sleep_for(settle_time); !slept) co_return;
    }
}

bool UpstreamFollower::is_complete(std::size_t served) const {
    return served == synchroniser_.held().size() && synchroniser_.is_complete();
}

asio::awaitable<bool> UpstreamFollower::holds_all_granted() {
    auto fetching = upstream::fetch_granted(upstreams_, synchroniser_.have());
    auto granted = co_await std::move(fetching);
    const bool failed_before = std::exchange(list_failed_, !granted);
    if (!granted && !failed_before)
        deps_.log.warn("granted_list_failed", {{"upstream", upstreams_.origin()}, {"error", granted.error().detail}});
    if (!granted) co_return false;
    // Of what another place has given since the stream began, the stream says nothing.
    for (auto& event : granted->revoked) {
        auto applying = synchroniser_.on_event(std::move(event));
        co_await std::move(applying);
    }
    co_return upstream::covers(synchroniser_.held(), granted->heads);
}

void UpstreamFollower::note(const attributes::Noted& noted) {
    if (attributes_.merge(noted, deps_.clock.now())) notify();
}

upstream::StatusSource UpstreamFollower::status_source() {
    return {[this] {
                adopt_noted();
                return status();
            },
            [this](const wire::RelayStatus& reported) {
                deps_.registry.key_uses().reported(reported.keys);
                attributes_.reported(reported.attributes);
                deps_.children.passed_up();
            }};
}

// What relays below noted is reported as this relay's own.
void UpstreamFollower::adopt_noted() {
    const auto below = deps_.children.take_noted();
    for (const auto& use : below.keys) deps_.registry.key_uses().of(use.id)->record(use.at);
    attributes_.merge(attributes::noted_of(below.attributes), deps_.clock.now());
}

wire::RelayStatus UpstreamFollower::status() const {
    wire::RelayStatus status;
    status.relay = identity_.relay;
    status.boot = identity_.boot;
    status.build = service::version_text;
    status.labels = identity_.labels;
    status.trust = deps_.cache.trust_version();
    for (auto& report : deps_.cache.report()) status.environments.push_back(std::move(report.status));
    status.keys = deps_.registry.key_uses().due();
    status.attributes = attributes_.due();
    status.below = deps_.children.due(deps_.clock.now());
    status.events = accounting::ledger_of(deps_.events.status());
    return status;
}

}  // namespace fanion::relay::app
