#include "relay/upstream/upstream_metrics.hpp"

namespace fanion::relay::upstream {

void register_metrics(telemetry::Registry& registry, const UpstreamMetrics& m) {
    registry.gauge("fanion_relay_upstream_connected", "1 while a stream from upstream is open.", {}, m.connected);
    registry.counter("fanion_relay_upstream_streams_opened_total", "Streams opened.", {}, m.streams_opened);
    registry.counter("fanion_relay_upstream_streams_failed_total", "Streams that could not be opened or were lost.", {},
                     m.streams_failed);
    registry.counter("fanion_relay_upstream_refused_total", "Answers 401 and 403 to the relay key.", {}, m.refused);
    registry.counter("fanion_relay_upstream_events_total", "Events read from streams.", {}, m.events);
    registry.counter("fanion_relay_upstream_fetches_total", "Full rulesets requested.", {}, m.fetches);
    registry.counter("fanion_relay_upstream_fetches_failed_total", "Requests for full rulesets that failed.", {},
                     m.fetches_failed);
    registry.counter("fanion_relay_upstream_polls_total", "Rounds of polling, while no stream can be kept open.", {},
                     m.polls);
    constexpr auto polls_failed = "fanion_relay_upstream_polls_failed_total";
    constexpr auto polls_failed_help = "Rounds of polling that failed, by reason.";
    registry.counter(polls_failed, polls_failed_help, {{"reason", "unreachable"}}, m.polls_unreachable);
    registry.counter(polls_failed, polls_failed_help, {{"reason", "refused"}}, m.polls_refused);
    registry.counter(polls_failed, polls_failed_help, {{"reason", "empty"}}, m.polls_empty);
    registry.counter("fanion_relay_status_reports_total", "Status reports by result.", {{"result", "sent"}},
                     m.reports_sent);
    registry.counter("fanion_relay_status_reports_total", "Status reports by result.", {{"result", "failed"}},
                     m.reports_failed);
}

}  // namespace fanion::relay::upstream
