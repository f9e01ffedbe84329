#include "relay/accounting/events_metrics.hpp"

#include <memory>
#include <utility>

namespace fanion::relay::accounting {

namespace {

struct Kind {
    const char* name;
    std::uint64_t spool::Content::*number;
};
constexpr Kind kinds[] = {{"counts", &spool::Content::counts},
                          {"exposures", &spool::Content::exposures},
                          {"metrics", &spool::Content::metrics}};

using Read = std::function<const EventsStatus&()>;

void register_kind(telemetry::Registry& registry, const Read& status, const Kind& kind) {
    const auto reading = [status, number = kind.number](spool::Content EventsStatus::*part) {
        return [status, number, part] { return static_cast<double>(status().*part.*number); };
    };
    const telemetry::Labels labels{{"kind", kind.name}};
    registry.counter_from("fanion_relay_events_accepted_total", "Events accepted; for counts, evaluations.", labels,
                          reading(&EventsStatus::accepted));
    registry.counter_from("fanion_relay_events_delivered_total", "Events delivered to the control plane.", labels,
                          reading(&EventsStatus::delivered));
    registry.gauge_from("fanion_relay_events_queued", "Events neither delivered nor dropped yet.", labels,
                        reading(&EventsStatus::queued));
    for (std::size_t i = 0; i < spool::drop_reason_count; ++i) {
        const auto reason = static_cast<spool::DropReason>(i);
        const telemetry::Labels with_reason{{"kind", kind.name}, {"reason", std::string(spool::name_of(reason))}};
        registry.counter_from(
            "fanion_relay_events_dropped_total", "Events dropped, by reason.", with_reason,
            [status, reason, number = kind.number] { return static_cast<double>(status().dropped[reason].*number); });
    }
}

void register_spool(telemetry::Registry& registry, const Read& status) {
    registry.gauge_from("fanion_relay_spool_batches", "Sealed batches waiting.", {},
                        [status] { return static_cast<double>(status().batches); });
    registry.gauge_from("fanion_relay_spool_bytes", "Bytes of the spool on disk.", {},
                        [status] { return static_cast<double>(status().spool_bytes); });
    registry.gauge_from("fanion_relay_spool_on_disk",
                        "0 while batches wait in memory because the disk cannot be written to.", {},
                        [status] { return status().spool_on_disk ? 1.0 : 0.0; });
    registry.gauge_from("fanion_relay_counters_on_disk",
                        "0 while counts are kept in memory only, where a kill would lose them.", {},
                        [status] { return status().counters_on_disk ? 1.0 : 0.0; });
    registry.counter_from("fanion_relay_event_files_damaged_total", "Counter files and spool segments found damaged.",
                          {}, [status] { return static_cast<double>(status().damaged_files); });
    registry.counter_from("fanion_relay_event_sync_failures_total",
                          "Times that counters or spool could not be synced to disk.", {},
                          [status] { return static_cast<double>(status().sync_failures); });
    registry.gauge_from("fanion_relay_events_last_delivery_timestamp_seconds",
                        "When a batch was last delivered; 0 before the first.", {},
                        [status] { return static_cast<double>(status().last_delivery_at) / 1000; });
}

}  // namespace

void register_events_metrics(telemetry::Registry& registry, const forward::ShipperMetrics& shipper,
                             std::function<EventsStatus()> status) {
    // Once for all: computing it takes locks and walks over the counters, and its parts must agree with each other.
    const auto present = std::make_shared<EventsStatus>();
    registry.before_reading([present, status = std::move(status)] { *present = status(); });
    const Read read = [present]() -> const EventsStatus& { return *present; };
    for (const Kind& kind : kinds) register_kind(registry, read, kind);
    register_spool(registry, read);
    registry.counter("fanion_relay_event_posts_total", "Attempts to deliver a batch.", {}, shipper.posts);
    registry.counter("fanion_relay_event_post_failures_total", "Attempts that have to be retried.", {},
                     shipper.failures);
    registry.counter("fanion_relay_event_batches_delivered_total", "Batches or parts of batches delivered.", {},
                     shipper.delivered);
    registry.counter("fanion_relay_event_batches_duplicate_total", "Of these, already stored by the control plane.", {},
                     shipper.duplicates);
    registry.counter("fanion_relay_event_batches_rejected_total",
                     "Batches or parts rejected and moved to the folder of rejected batches.", {}, shipper.rejected);
    registry.counter("fanion_relay_event_batches_split_total", "Batches or parts split in halves after a 413.", {},
                     shipper.splits);
}

void register_sdk_metrics(telemetry::Registry& registry, const EvaluationTally& tally) {
    registry.counters_from("fanion_relay_sdk_evaluations_total", "Evaluations in sealed batches, by SDK.", [&tally] {
        telemetry::Registry::Samples samples;
        for (const auto& [sdk, count] : tally.sdks()) samples.push_back({{{"sdk", sdk}}, static_cast<double>(count)});
        return samples;
    });
}

void write_status(json::Writer& w, const EventsStatus& status) {
    const auto content = [&w](std::string_view name, const spool::Content& c) {
        w.key(name).begin_object().member("counts", c.counts).member("exposures", c.exposures);
        w.member("metrics", c.metrics).end_object();
    };
    w.begin_object();
    content("accepted", status.accepted);
    content("delivered", status.delivered);
    content("queued", status.queued);
    w.key("dropped").begin_object();
    for (std::size_t i = 0; i < spool::drop_reason_count; ++i) {
        const auto reason = static_cast<spool::DropReason>(i);
        content(spool::name_of(reason), status.dropped[reason]);
    }
    w.end_object();
    w.member("batches", status.batches).member("spool_bytes", status.spool_bytes);
    w.member("spool_on_disk", status.spool_on_disk).member("counters_on_disk", status.counters_on_disk);
    w.member("damaged_files", status.damaged_files).member("sync_failures", status.sync_failures);
    w.member("last_delivery_at", status.last_delivery_at);
    w.member("last_error", std::string_view(status.last_error)).end_object();
}

wire::EventLedger ledger_of(const EventsStatus& status) {
    const auto numbers = [](const spool::Content& c) { return wire::EventNumbers{c.counts, c.exposures, c.metrics}; };
    wire::EventLedger ledger{
        numbers(status.accepted), numbers(status.delivered), numbers(status.queued), {}, status.spool_bytes};
    for (std::size_t i = 0; i < spool::drop_reason_count; ++i) {
        const auto reason = static_cast<spool::DropReason>(i);
        const auto& dropped = status.dropped[reason];
        if (dropped != spool::Content()) ledger.dropped.push_back({std::string(name_of(reason)), numbers(dropped)});
    }
    return ledger;
}

}  // namespace fanion::relay::accounting
