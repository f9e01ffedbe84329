#include "control-plane/relays/metrics.hpp"

#include <string>
#include <utility>

namespace fanion::cp::relays {

Metrics::Metrics(telemetry::Registry& registry) {
    registry.gauge("fanion_control_plane_stream_subscribers", "Relays connected to the stream of this replica.", {},
                   streams);
    registry.counter("fanion_control_plane_stream_opened_total", "Streams that were opened.", {}, opened);
    for (const auto event :
         {wire::StreamEvent::put, wire::StreamEvent::patch, wire::StreamEvent::head, wire::StreamEvent::revoked}) {
        telemetry::Labels labels{{"event", std::string(wire::name_of(event))}};
        registry.counter("fanion_control_plane_stream_events_total", "Events written to streams.", std::move(labels),
                         sent(event));
    }
    registry.counter("fanion_control_plane_stream_bytes_total", "Bytes of events written to streams.", {}, bytes);
    registry.counter("fanion_control_plane_stream_overflows_total",
                     "Queues of slow subscribers replaced by a full ruleset.", {}, overflows);
    constexpr std::pair<EndReason, const char*> reasons[] = {
        {EndReason::closed, "closed"},   {EndReason::slow, "slow"},   {EndReason::lifetime, "lifetime"},
        {EndReason::revoked, "revoked"}, {EndReason::trust, "trust"}, {EndReason::shutdown, "shutdown"}};
    for (const auto& [reason, name] : reasons)
        registry.counter("fanion_control_plane_stream_ended_total", "Streams that ended.", {{"reason", name}},
                         ended(reason));
    registry.counter("fanion_control_plane_relay_api_refused_total", "Requests of relays whose key was refused.", {},
                     refused);
    registry.counter("fanion_control_plane_relay_api_statuses_total", "Status reports received from relays.", {},
                     statuses);
}

}  // namespace fanion::cp::relays
