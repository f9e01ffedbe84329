#include "control-plane/web/metrics.hpp"

namespace fanion::cp::web {

Metrics::Metrics(telemetry::Registry& registry) {
    const auto add = [&registry](const char* kind, const telemetry::Counter& counter) {
        registry.counter("fanion_control_plane_web_requests_total", "Requests for the dashboard and the API's page.",
                         {{"kind", kind}}, counter);
    };
    add("page", pages);
    add("file", files);
    add("missing", missing);
    add("start", starts);
    add("docs", docs);
}

}  // namespace fanion::cp::web
