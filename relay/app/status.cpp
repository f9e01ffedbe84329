#include "relay/app/status.hpp"

#include "common/wire/envelope.hpp"

namespace fanion::relay::app {

using json::Writer;

namespace {

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

// The signed form with every access/* item replaced by its hash. Empty when only a delta's result is held.
std::string redacted_ruleset(const cache::EnvironmentState& state) {
    if (state.full_head.empty()) return {};
    std::string bytes = state.full_head;
    for (const auto& [key, item] : state.items->items()) {
        if (key.starts_with("access/")) {
            wire::append_redacted_line(bytes, key, item.hash);
        } else {
            wire::append_item_line(bytes, key, *item.body);
        }
    }
    return bytes;
}

void handle_debug_ruleset(const cache::EnvironmentRegistry& registry, net::Request& request, net::Response& response) {
    const auto state = registry.serving().load();
    const auto* environment = state ? state->find_environment(request.param("env")) : nullptr;
    auto bytes = environment ? redacted_ruleset(*environment) : std::string();
    if (bytes.empty()) {
        response = net::problem({Errc::not_found, "no such environment is held in full form"}, request.request_id());
        return;
    }
    response.content_type = wire::ruleset_media_type;
    response.body = std::move(bytes);
}

}  // namespace

void write_upstream(Writer& w, const UpstreamFollower& follower) {
    const auto& state = follower.stream();
    w.key("upstream").begin_object().member("url", follower.origin()).member("connected", state.connected);
    w.member("polling", state.polling).member("refused", state.refused).member("since", state.since);
    w.member("last_error", state.last_error).end_object();
}

void write_environments(Writer& w, const std::vector<cache::EnvironmentReport>& reports, UnixMillis now) {
    w.key("environments").begin_array();
    for (const auto& report : reports) write_environment(w, report, now);
    w.end_array();
}

void write_nacks(Writer& w, const cache::CacheMetrics& metrics) {
    w.key("nacks").begin_object();
    for (std::size_t i = 0; i < wire::nack_count; ++i) {
        w.member(wire::name_of(static_cast<wire::Nack>(i)), metrics.rejected[i].value());
    }
    w.end_object();
}

// An environment that is not held any more belongs to no organisation that is known here.
void register_environment_evaluations(telemetry::Registry& metrics, const accounting::EvaluationTally& tally,
                                      const cache::EnvironmentRegistry& registry) {
    const auto read = [&tally, &registry] {
        telemetry::Registry::Samples samples;
        const auto state = registry.serving().load();
        for (const auto& [env_id, count] : tally.environments()) {
            const auto* environment = state ? state->find_environment(env_id) : nullptr;
            const auto org = environment ? environment->org : std::string();
            samples.push_back({{{"env_id", env_id}, {"org", org}}, static_cast<double>(count)});
        }
        return samples;
    };
    metrics.counters_from("fanion_relay_environment_evaluations_total",
                          "Evaluations in sealed batches, by environment and its organisation.", read);
}

void add_debug_routes(net::Router& router, const cache::EnvironmentRegistry& registry) {
    router.sync(net::Method::get, "/debug/ruleset/{env}", [&registry](net::Request& request, net::Response& response) {
        handle_debug_ruleset(registry, request, response);
    });
}

}  // namespace fanion::relay::app
