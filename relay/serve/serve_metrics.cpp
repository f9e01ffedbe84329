#include "relay/serve/serve_metrics.hpp"

#include <string>
#include <vector>

namespace fanion::relay::serve {
namespace {

constexpr std::array<std::string_view, serve_route_count> route_names = {
    "ofrep_single",  "ofrep_bulk",        "ofrep_stream",  "evaluate_single", "evaluate_bulk", "evaluate_line",
    "explain",       "sdk_ruleset",       "sdk_stream",    "sdk_poll",        "sdk_trust",     "events",
    "relay_stream",  "relay_heads",       "relay_ruleset", "relay_trust",     "relay_status",  "relay_events",
    "flagd_resolve", "flagd_resolve_all", "flagd_stream",  "flagd_sync",      "flagd_metadata"};
static_assert(!route_names.back().empty(), "a route has no name");

constexpr std::array<std::string_view, limit_count> limit_names = {"key_rate", "stranger_rate", "total_rate", "streams",
                                                                   "streams_per_key"};
static_assert(!limit_names.back().empty(), "a limit has no name");

template <class Read>
std::function<double()> sum(const std::vector<const ServeMetrics*>& workers, Read read) {
    return [workers, read] {
        std::uint64_t total = 0;
        for (const auto* worker : workers) total += read(*worker);
        return static_cast<double>(total);
    };
}

}  // namespace

std::string_view name_of(ServeRoute route) noexcept { return route_names[static_cast<std::size_t>(route)]; }

void register_metrics(telemetry::Registry& registry, std::span<const ServeMetrics* const> workers) {
    const std::vector<const ServeMetrics*> all(workers.begin(), workers.end());
    for (std::size_t r = 0; r < serve_route_count; ++r) {
        for (std::size_t o = 0; o < outcome_count; ++o) {
            const auto route = static_cast<ServeRoute>(r);
            const auto outcome = static_cast<Outcome>(o);
            const telemetry::Labels labels = {{"route", std::string(name_of(route))},
                                              {"outcome", std::string(row_of(outcome).metric)}};
            registry.counter_from(
                "fanion_relay_requests_total", "Requests of applications by route and outcome.", labels,
                sum(all, [route, outcome](const ServeMetrics& m) { return m.requests(route, outcome); }));
        }
    }
    registry.counter_from("fanion_relay_evaluations_total", "Evaluations made for applications.", {},
                          sum(all, [](const ServeMetrics& m) { return m.evaluations(); }));
    registry.counter_from("fanion_relay_refetches_total", "Announcements of changes sent on event streams.", {},
                          sum(all, [](const ServeMetrics& m) { return m.refetches(); }));
    registry.counter_from("fanion_relay_exposures_repeated_total",
                          "Exposures of the relay's own evaluations that were noted before.", {},
                          sum(all, [](const ServeMetrics& m) { return m.exposures_repeated(); }));
    registry.counter_from("fanion_relay_exposures_refused_total",
                          "Exposures of the relay's own evaluations that found no room on their way to the spool.", {},
                          sum(all, [](const ServeMetrics& m) { return m.exposures_refused(); }));
    for (const auto event :
         {wire::StreamEvent::put, wire::StreamEvent::patch, wire::StreamEvent::head, wire::StreamEvent::revoked}) {
        registry.counter_from("fanion_relay_ruleset_events_total",
                              "Events sent on streams of rulesets and in the answers to polls.",
                              {{"event", std::string(wire::name_of(event))}},
                              sum(all, [event](const ServeMetrics& m) { return m.ruleset_events(event); }));
    }
    for (std::size_t i = 0; i < limit_count; ++i) {
        registry.counter_from("fanion_relay_requests_limited_total",
                              "Requests refused with 429, by the bound that they met.",
                              {{"bound", std::string(limit_names[i])}},
                              sum(all, [i](const ServeMetrics& m) { return m.limited_by(static_cast<Limit>(i)); }));
    }
    registry.counter_from("fanion_relay_slow_streams_total",
                          "Streams of rulesets that were ended because the client read nothing in time.", {},
                          sum(all, [](const ServeMetrics& m) { return m.slow_streams(); }));
    registry.gauge_from("fanion_relay_streams", "Event streams and long polls of applications that are open.", {},
                        sum(all, [](const ServeMetrics& m) { return m.streams(); }));
    registry.gauge_from("fanion_relay_streams_limit", "Event streams and long polls that may be open.", {},
                        sum(all, [](const ServeMetrics& m) { return m.streams_limit(); }));
}

}  // namespace fanion::relay::serve
