#pragma once

// What operators see of relays below: metrics (docs/metrics.md) and the member "below" of /status.
// Waits for no disk; any thread.

#include "common/json/writer.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/chain/child_reports.hpp"
#include "relay/chain/passed_batches.hpp"

namespace fanion::relay::chain {

// All of them must outlive the registry's last collection.
void register_metrics(telemetry::Registry& registry, const ChildReports& reports, const PassedBatches& batches,
                      const forward::ShipperMetrics& shipper);

void write_status(json::Writer& w, const ChildReports& reports, const PassedBatches& batches);

}  // namespace fanion::relay::chain
