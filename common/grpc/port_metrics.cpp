#include "common/grpc/port_metrics.hpp"

namespace fanion::grpc_port {

void register_metrics(telemetry::Registry& registry, const std::function<Counts()>& read) {
    registry.gauge_from("fanion_grpc_connections", "Connections of the gRPC port open now.", {},
                        [read] { return static_cast<double>(read().connections); });
    registry.counter_from("fanion_grpc_connections_accepted_total", "Connections taken.", {},
                          [read] { return static_cast<double>(read().accepted); });
    registry.counter_from("fanion_grpc_connections_rejected_total", "Connections closed at once: too many.", {},
                          [read] { return static_cast<double>(read().rejected); });
    registry.counter_from("fanion_grpc_connections_evicted_total",
                          "Connections without a valid credential closed to make room.", {},
                          [read] { return static_cast<double>(read().evicted); });
    registry.counter_from("fanion_grpc_calls_refused_total", "Calls refused: too many in progress.", {},
                          [read] { return static_cast<double>(read().refused_calls); });
}

}  // namespace fanion::grpc_port
