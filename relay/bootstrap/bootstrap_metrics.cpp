#include "relay/bootstrap/bootstrap_metrics.hpp"

namespace fanion::relay::bootstrap {

void register_metrics(telemetry::Registry& registry, const BootstrapMetrics& metrics) {
    registry.counter("fanion_relay_bootstrap_reads_total", "Reads of a place that --bootstrap names.", {},
                     metrics.reads);
    registry.counter("fanion_relay_bootstrap_failures_total", "Reads that ended with an error.", {}, metrics.failures);
    registry.counter("fanion_relay_bootstrap_documents_total", "Signed documents from these places, by outcome.",
                     {{"outcome", "applied"}}, metrics.applied);
    registry.counter("fanion_relay_bootstrap_documents_total", "", {{"outcome", "rejected"}}, metrics.rejected);
}

}  // namespace fanion::relay::bootstrap
