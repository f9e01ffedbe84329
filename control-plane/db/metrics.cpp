#include "control-plane/db/metrics.hpp"

namespace fanion::cp::db {

Metrics::Metrics(telemetry::Registry& registry) : registry_(registry) {
    registry.gauge("fanion_control_plane_db_connections", "Open connections to PostgreSQL in the pool", {},
                   connections);
    registry.gauge("fanion_control_plane_db_connections_in_use", "Connections of the pool that are in use", {}, in_use);
    registry.gauge("fanion_control_plane_db_waiting", "Callers waiting for a connection", {}, waiting);
    registry.counter("fanion_control_plane_db_waits_total", "Transactions that had to wait for a free connection", {},
                     waits);
    registry.counter("fanion_control_plane_db_acquire_timeouts_total", "Transactions that got no connection in time",
                     {}, acquire_timeouts);
    registry.counter("fanion_control_plane_db_connects_total", "Connections opened to PostgreSQL", {}, connects);
    registry.counter("fanion_control_plane_db_connect_errors_total", "Attempts to connect that failed", {},
                     connect_errors);
    registry.counter("fanion_control_plane_db_connections_lost_total", "Connections lost while in use", {},
                     connections_lost);
    registry.counter("fanion_control_plane_db_rollbacks_total", "Transactions that ended without a commit", {},
                     rollbacks);
}

StatementMetrics& Metrics::of(std::string_view statement) {
    if (const auto found = statements_.find(statement); found != statements_.end()) return *found->second;
    auto& made = *statements_.emplace(std::string(statement), std::make_unique<StatementMetrics>()).first->second;
    const telemetry::Labels labels{{"statement", std::string(statement)}};
    registry_.counter("fanion_control_plane_db_queries_total", "Statements run", labels, made.runs);
    registry_.counter("fanion_control_plane_db_query_errors_total", "Statements that failed", labels, made.errors);
    registry_.counter_from("fanion_control_plane_db_query_seconds_total", "Time spent waiting for statements", labels,
                           [&made] { return static_cast<double>(made.nanoseconds.load()) / 1e9; });
    return made;
}

}  // namespace fanion::cp::db
