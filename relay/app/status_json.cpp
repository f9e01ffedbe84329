// The body of the operators' /status.

#include "common/json/writer.hpp"
#include "relay/app/operators.hpp"
#include "relay/app/version.hpp"

namespace fanion::relay::app {
namespace {

using json::Writer;

void write_upstream(Writer& w, const UpstreamFollower& following) {
    const auto& state = following.stream();
    w.key("upstream").begin_object().member("url", following.origin()).member("connected", state.connected);
    w.member("polling", state.polling).member("refused", state.refused).member("since", state.since);
    w.member("last_error", state.last_error).end_object();
}

void write_environment(Writer& w, const cache::EnvironmentReport& report, UnixMillis now) {
    const auto& status = report.status;
    w.begin_object().member("env_id", status.env_id).member("state", name_of(status.state));
    w.member("version", wire::to_string(status.version));
    if (status.root) w.member("root", to_hex(*status.root));
    if (report.floor) w.member("floor", wire::to_string(*report.floor));
    w.member("items", std::uint64_t{report.items});
    w.member("issued_at", report.issued_at).member("applied_at", report.applied_at);
    w.member("age_seconds", report.issued_at ? static_cast<double>(now - report.issued_at) / 1e3 : 0.0);
    w.member("stale_seconds", static_cast<double>(report.stale_for) / 1e3);
    w.member("on_probation", report.on_probation);
    w.member("code", status.code).member("detail", status.detail);
    w.member("disk_problem", report.disk_problem).end_object();
}

void write_environments(Writer& w, const OperatorsDeps& s, UnixMillis now) {
    w.key("environments").begin_array();
    for (const auto& report : s.cache.report()) write_environment(w, report, now);
    w.end_array();
}

void write_nacks(Writer& w, const cache::CacheMetrics& metrics) {
    w.key("nacks").begin_object();
    for (std::size_t i = 0; i < wire::nack_count; ++i) {
        w.member(wire::name_of(static_cast<wire::Nack>(i)), metrics.rejected[i].value());
    }
    w.end_object();
}

}  // namespace

std::string status_json(const OperatorsDeps& s) {
    std::string body;
    Writer w(body);
    const auto now = s.clock.now();
    const auto state = s.registry.serving().load();
    const auto problem = not_ready_because(state.get(), s.readiness, s.health.stopping, now);
    w.begin_object().member("program", "fanion-relay").member("version", version_text);
    w.member("relay", s.identity.relay).member("boot", s.identity.boot).member("started_at", s.health.started_at);
    w.member("ready", problem.empty()).member("not_ready_because", problem);
    w.member("synchronised", state && state->synchronised);
    w.member("trust", s.cache.trust_version());
    write_upstream(w, s.follower);
    write_environments(w, s, now);
    write_nacks(w, s.cache_metrics);
    w.member("streams", s.public_server.streams()).member("connections", std::uint64_t{s.public_server.connections()});
    w.key("events");
    accounting::write_status(w, s.events.status());
    w.end_object();
    return body;
}

}  // namespace fanion::relay::app
