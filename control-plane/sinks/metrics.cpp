#include "control-plane/sinks/metrics.hpp"

namespace fanion::cp::sinks {

Metrics::Metrics(telemetry::Registry& registry, const std::string& sink) {
    const auto labels = [&sink](const char* result) { return telemetry::Labels{{"sink", sink}, {"result", result}}; };
    constexpr auto batches = "fanion_control_plane_sink_batches_total";
    constexpr auto batches_help = "Batches that waited for a sink, by what became of them.";
    registry.counter(batches, batches_help, labels("delivered"), delivered);
    registry.counter(batches, batches_help, labels("given_up"), given_up);
    registry.counter(batches, batches_help, labels("unreadable"), unreadable);
    constexpr auto lines_name = "fanion_control_plane_sink_lines_total";
    constexpr auto lines_help = "Lines of delivered batches: those that arrived, and those that the sink cannot take.";
    registry.counter(lines_name, lines_help, labels("delivered"), lines);
    registry.counter(lines_name, lines_help, labels("refused"), refused_lines);
    const telemetry::Labels own{{"sink", sink}};
    registry.counter("fanion_control_plane_sink_failures_total", "Deliveries that failed and are repeated.", own,
                     failures);
    registry.gauge("fanion_control_plane_sink_holder", "1 in the process that delivers to the sink, else 0.", own,
                   is_holder);
    registry.gauge("fanion_control_plane_sink_waiting", "Batches that wait; 0 where another process delivers.", own,
                   waiting);
    registry.gauge("fanion_control_plane_sink_waiting_bytes", "Their bytes in the database.", own, waiting_bytes);
    registry.gauge("fanion_control_plane_sink_oldest_seconds", "How long the oldest of them has waited.", own,
                   oldest_seconds);
}

}  // namespace fanion::cp::sinks
