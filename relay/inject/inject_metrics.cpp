#include "relay/inject/inject_metrics.hpp"

#include <string>

namespace fanion::relay::inject {

void register_metrics(telemetry::Registry& registry, const InjectMetrics& metrics) {
    constexpr auto* name = "fanion_relay_inject_reviews_total";
    constexpr auto* help = "AdmissionReviews by outcome.";
    for (std::size_t i = 0; i < metrics.reviews.size(); ++i) {
        const auto outcome = std::string(name_of(static_cast<Outcome>(i)));
        registry.counter(name, help, {{"outcome", outcome}}, metrics.reviews[i]);
    }
    registry.counter(name, help, {{"outcome", "malformed"}}, metrics.malformed);
}

}  // namespace fanion::relay::inject
