#include "control-plane/live/metrics.hpp"

namespace fanion::cp::live {

Metrics::Metrics(telemetry::Registry& registry) {
    registry.gauge("fanion_control_plane_live_streams", "Open streams of live changes.", {}, streams);
    registry.counter("fanion_control_plane_live_events_total", "Changes sent on streams of live changes.", {}, events);
    registry.counter("fanion_control_plane_live_reads_total", "Reads of the audit log for streams of live changes.", {},
                     reads);
}

}  // namespace fanion::cp::live
