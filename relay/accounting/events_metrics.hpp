#pragma once

// The metrics of RelayEvents (docs/metrics.md) and its part of /status. Private to
// relay/accounting.

#include <functional>

#include "common/telemetry/metrics.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/forward/shipper.hpp"

namespace fanion::relay::accounting {

// `status` is called at collection; it and `shipper` must outlive the registry's last collection.
void register_events_metrics(telemetry::Registry& registry, const forward::ShipperMetrics& shipper,
                             std::function<EventsStatus()> status);

// Evaluations by SDK.
void register_sdk_metrics(telemetry::Registry& registry, const EvaluationTally& tally);

}  // namespace fanion::relay::accounting
