#include "relay/chain/chain_metrics.hpp"

#include <memory>

namespace fanion::relay::chain {
namespace {

struct PassedKind {
    const char* name;
    std::uint64_t spool::Content::*number;
};
constexpr PassedKind passed_kinds[] = {{"counts", &spool::Content::counts},
                                       {"exposures", &spool::Content::exposures},
                                       {"metrics", &spool::Content::metrics}};

// The invariant of the ledger, which the spool keeps.
std::uint64_t accepted(const PassedStatus& status, const PassedKind& kind) {
    return status.delivered.*kind.number + status.dropped.*kind.number + status.queued.*kind.number;
}

void register_ledger(telemetry::Registry& registry, const PassedBatches& batches) {
    const auto present = std::make_shared<PassedStatus>();  // once for all: its parts must agree with each other
    registry.before_reading([present, &batches] { *present = batches.status(); });
    for (const auto& kind : passed_kinds) {
        const telemetry::Labels labels{{"kind", kind.name}};
        registry.counter_from("fanion_relay_passed_events_accepted_total", "Events accepted from relays below.", labels,
                              [present, kind] { return static_cast<double>(accepted(*present, kind)); });
        registry.counter_from("fanion_relay_passed_events_delivered_total", "Of these, delivered upstream.", labels,
                              [present, kind] { return static_cast<double>(present->delivered.*kind.number); });
        registry.counter_from("fanion_relay_passed_events_dropped_total",
                              "Of these, dropped: rejected upstream, or damaged on disk.", labels,
                              [present, kind] { return static_cast<double>(present->dropped.*kind.number); });
        registry.gauge_from("fanion_relay_passed_events_queued", "Of these, waiting.", labels,
                            [present, kind] { return static_cast<double>(present->queued.*kind.number); });
    }
    registry.gauge_from("fanion_relay_passed_spool_bytes", "Bytes on disk of batches of relays below.", {},
                        [present] { return static_cast<double>(present->bytes); });
}

void write_content(json::Writer& w, std::string_view name, const spool::Content& content) {
    w.key(name).begin_object().member("counts", content.counts).member("exposures", content.exposures);
    w.member("metrics", content.metrics).end_object();
}

}  // namespace

void register_metrics(telemetry::Registry& registry, const ChildReports& reports, const PassedBatches& batches,
                      const forward::ShipperMetrics& shipper) {
    const auto& counts = reports.metrics();
    registry.counter("fanion_relay_reports_received_total", "Status reports of relays one level below.", {},
                     counts.received);
    registry.counter("fanion_relay_reports_passed_total", "Reports of relays on all levels below that were passed up.",
                     {}, counts.passed_up);
    registry.counter("fanion_relay_reports_dropped_total",
                     "Of these, not passed up: too many, too far below, too old, too large, or of a circle of relays.",
                     {}, counts.dropped);
    register_ledger(registry, batches);
    registry.counter("fanion_relay_passed_batches_duplicate_total",
                     "Batches of relays below that were stored upstream already.", {}, shipper.duplicates);
    registry.counter("fanion_relay_passed_batches_rejected_total",
                     "Batches of relays below that were rejected upstream.", {}, shipper.rejected);
}

void write_status(json::Writer& w, const ChildReports& reports, const PassedBatches& batches) {
    const auto status = batches.status();
    w.begin_object().member("reports_waiting", std::uint64_t{reports.waiting()});
    write_content(w, "delivered", status.delivered);
    write_content(w, "queued", status.queued);
    write_content(w, "dropped", status.dropped);
    w.member("batches", status.batches).member("spool_bytes", status.bytes).end_object();
}

}  // namespace fanion::relay::chain
