#include "relay/accounting/event_recorder.hpp"

#include <algorithm>
#include <utility>

#include "common/base/ids.hpp"

namespace fanion::relay::accounting {

namespace {

events::CounterTableConfig table_config(const RelayEventsConfig& config) {
    events::CounterTableConfig table;
    table.directory = config.directory + "/counters";
    table.workers = config.workers;
    return table;
}

spool::SpoolConfig spool_config(const RelayEventsConfig& config) {
    return {config.directory + "/spool", config.spool_bytes, config.spool_memory_bytes, config.rejected_bytes};
}

wire::EventNumbers total_of(const spool::Dropped& dropped) {
    const auto sum = dropped.sum();
    return {sum.counts, sum.exposures, sum.metrics};
}

}  // namespace

EventRecorder::EventRecorder(const RelayEventsConfig& config, const Clock& clock, const Log& log)
    : relay_name_(config.relay_name.empty() ? config.relay_id : config.relay_name),
      id_prefix_(config.relay_id + "." + random_id("", 10) + "."),
      batch_bytes_(config.batch_bytes),
      clock_(clock),
      log_(log),
      table_(table_config(config), clock.now(), log),
      spool_{{}, spool::Spool(spool_config(config), log), {}} {
    spool_.on_settled = [this] {
        settle_pending();
        publish_totals();
    };
    {
        const std::lock_guard lock(spool_.mutex);
        recover(Recovery::start);
        publish_totals();
    }
    flush();
}

// Completes what a kill interrupted between steps 2 and 4 (events/counter_table.hpp).
void EventRecorder::recover(Recovery recovery) {
    auto interrupted = table_.interrupted();
    const bool is_marked = interrupted && interrupted->counts.empty() && interrupted->evaluations > 0;
    const bool is_safe = interrupted && (is_marked || spool_.spool.contains(interrupted->id) ||
                                         spool_.spool.last_settled() == interrupted->id);
    if (is_safe) table_.apply();
    reconcile(recovery);
    if (interrupted && !is_safe) put_counts(std::move(*interrupted));
    record_damaged();
}

// Counters and spool record independently how many evaluations were sealed. If the spool has fewer, its files were
// damaged; if one of the two was lost, recreated or not readable at startup, the other's number holds.
void EventRecorder::reconcile(Recovery recovery) {
    auto& spool = spool_.spool;
    const auto known = spool.delivered().counts + spool.dropped().sum().counts + spool.queued().counts;
    const auto sealed = table_.sealed();
    const bool were_both_read = recovery == Recovery::start && spool.had_cursor() && table_.had_ledger();
    if (sealed > known && were_both_read) {
        log_.error("spooled_events_lost", {{"evaluations", sealed - known}});
        spool.record_lost({sealed - known, 0, 0});
    } else if (sealed != known) {
        table_.set_sealed(known);
    }
}

void EventRecorder::record_damaged() {
    const auto lost = table_.take_lost();
    if (lost == 0) return;
    log_.error("counted_evaluations_lost", {{"evaluations", lost}});
    table_.set_sealed(table_.sealed() + lost);
    spool_.spool.record_lost({lost, 0, 0});
}

void EventRecorder::put_counts(events::SealedCounts sealed) {
    tally_.add(sealed.counts);
    wire::EventBatch batch;
    batch.batch = sealed.id;
    batch.relay = relay_name_;
    batch.from = sealed.from;
    batch.to = sealed.to;
    batch.counts = std::move(sealed.counts);
    batch.dropped = sealed.dropped;
    spool_.spool.append(std::move(sealed.id), {sealed.evaluations, 0, 0}, to_json(batch));
    settle_pending();
}

void EventRecorder::put(const intake::Intake::Taken& taken) {
    if (taken.empty()) return;
    const std::lock_guard lock(spool_.mutex);
    wire::EventBatch batch;
    batch.batch = next_id();
    batch.relay = relay_name_;
    batch.from = taken.from;
    batch.to = taken.to;
    batch.has_digests = true;
    ++next_batch_;
    auto body = to_json(batch, taken.exposures, taken.metrics);
    spool_.spool.append(std::move(batch.batch), {0, taken.exposure_count, taken.metric_count}, std::move(body));
    settle_pending();
    publish_totals();
}

// A batch that is only in memory is not marked: after a kill it is sealed again from the counters under the same id.
// So there is at most one such batch; the counters hold the rest.
void EventRecorder::settle_pending() {
    if (table_.is_pending() && !spool_.spool.is_only_in_memory(table_.pending_id())) table_.apply();
}

void EventRecorder::flush() {
    const std::lock_guard lock(spool_.mutex);
    const bool spool_was_read = spool_.spool.retry_disk();
    settle_pending();
    const bool counters_were_read = table_.prepare_files(spool_.spool.is_loaded());
    if (counters_were_read) {
        recover(Recovery::late);
    } else if (spool_was_read) {
        reconcile(Recovery::late);
    }
    settle_pending();
    for (bool more = true; more && !table_.is_pending();) {
        const auto dropped = total_of(spool_.spool.dropped());
        auto sealed = table_.seal(next_id(), clock_.now(), batch_bytes_, dropped);
        if (!sealed) break;
        ++next_batch_;
        more = sealed->more;
        put_counts(std::move(*sealed));
    }
    publish_totals();
}

void EventRecorder::sync() {
    Result<> synced;
    {
        const std::lock_guard lock(spool_.mutex);
        synced = spool_.spool.sync();
    }
    const auto counters_synced = table_.sync();
    record_sync(synced ? counters_synced : synced);
}

// A failed sync is not made good by a later one that succeeds: the kernel has dropped the pages.
void EventRecorder::record_sync(const Result<>& synced) {
    bool is_change = false;
    {
        const std::lock_guard lock(totals_mutex_);
        if (!synced) ++totals_.sync_failures;
        is_change = std::exchange(sync_failed_, !synced) == synced.has_value();
    }
    if (!is_change) return;
    if (synced) return log_.info("event_sync_recovered", {});
    log_.error("event_sync_failed", {{"detail", synced.error().detail}});
}

void EventRecorder::end() {
    flush();
    {
        const std::lock_guard lock(spool_.mutex);
        table_.end_all_files();
    }
    sync();
}

void EventRecorder::publish_totals() {
    const auto& spool = spool_.spool;
    const auto queued = spool.queued();
    const std::lock_guard lock(totals_mutex_);
    totals_.delivered = spool.delivered();
    totals_.dropped = spool.dropped();
    totals_.batches = spool.batches();
    totals_.spool_bytes = spool.disk_bytes();
    totals_.spool_on_disk = spool.is_on_disk();
    totals_.damaged_files = spool.damaged_files() + table_.damaged_files();
    spool_queued_ = queued;
}

std::uint64_t EventRecorder::batches() const {
    const std::lock_guard lock(totals_mutex_);
    return totals_.batches;
}

// Counted evaluations are read last and only grow, so `queued` cannot be negative.
EventsStatus EventRecorder::status() const {
    EventsStatus status;
    {
        const std::lock_guard lock(totals_mutex_);
        status = totals_;
        status.queued = spool_queued_;
    }
    const auto dropped = status.dropped.sum();
    status.accepted = status.delivered;
    status.accepted += dropped;
    status.accepted += status.queued;
    status.accepted.counts = table_.accepted();
    status.queued.counts =
        status.accepted.counts - std::min(status.accepted.counts, status.delivered.counts + dropped.counts);
    status.counters_on_disk = table_.is_on_disk();
    return status;
}

}  // namespace fanion::relay::accounting
