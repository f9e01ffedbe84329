#include "control-plane/http/metrics.hpp"

namespace fanion::cp::http {

Metrics::Metrics(telemetry::Registry& registry) {
    constexpr auto name = "fanion_control_plane_audit_suppressed_total";
    registry.counter(name, "Refusals counted instead of written to the audit log, by action.",
                     {{"action", "request.refused"}}, refusals_suppressed);
    registry.counter(name, "", {{"action", "session.denied"}}, denials_suppressed);
}

}  // namespace fanion::cp::http
