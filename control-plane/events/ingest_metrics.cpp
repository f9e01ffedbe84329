#include "control-plane/events/ingest_metrics.hpp"

namespace fanion::cp::events {

IngestMetrics::IngestMetrics(telemetry::Registry& registry) {
    registry.counter("fanion_control_plane_event_batches_total", "Event batches answered, by result.",
                     {{"result", "stored"}}, batches);
    registry.counter("fanion_control_plane_event_batches_total", "", {{"result", "duplicate"}}, duplicates);
    registry.counter("fanion_control_plane_event_batches_total", "", {{"result", "rejected"}}, rejected);
    registry.counter("fanion_control_plane_event_batches_total", "", {{"result", "divided"}}, divided);
    registry.counter("fanion_control_plane_evaluations_total", "Evaluations in stored batches.", {}, evaluations);
    registry.counter("fanion_control_plane_events_total", "Exposures and metric events in stored batches.",
                     {{"kind", "exposures"}}, exposures);
    registry.counter("fanion_control_plane_events_total", "", {{"kind", "metrics"}}, metrics);
    constexpr auto without_row = "fanion_control_plane_events_without_row_total";
    registry.counter(without_row, "Of these, what has no row, by reason.",
                     {{"kind", "exposures"}, {"reason", "too_old"}}, old_exposures);
    registry.counter(without_row, "", {{"kind", "metrics"}, {"reason", "too_old"}}, old_metrics);
    registry.counter(without_row, "", {{"kind", "exposures"}, {"reason", "too_many_names"}}, unnamed_exposures);
    registry.counter(without_row, "", {{"kind", "metrics"}, {"reason", "too_many_names"}}, unnamed_metrics);
    registry.counter("fanion_control_plane_relay_drops_total", "Events that relays say they gave up.", {},
                     reported_drops);
}

}  // namespace fanion::cp::events
