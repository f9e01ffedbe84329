#include "relay/chain/passed_batches.hpp"

#include <utility>

namespace fanion::relay::chain {

PassedBatches::PassedBatches(spool::SpoolConfig config, std::string own_prefix, const Log& log)
    : own_prefix_(std::move(own_prefix)), most_bytes_(config.disk_bytes), spool_{{}, {std::move(config), log}, {}} {
    spool_.on_settled = [this] { publish(); };
    publish();
}

Stored PassedBatches::store(PassedBatch batch) {
    const std::lock_guard lock(spool_.mutex);
    auto& spool = spool_.spool;
    if (ids_.find(batch.id)) return Stored::earlier;
    if (!spool.is_on_disk()) spool.retry_disk();
    const bool is_queued = spool.contains(batch.id);
    if (!is_queued) {
        const bool has_room = spool.batches() == 0 || spool.disk_bytes() + batch.body.size() <= most_bytes_;
        if (!spool.is_on_disk() || !has_room) return Stored::unavailable;
        spool.append(batch.id, batch.content, std::move(batch.body));
        publish();
        if (on_stored_) on_stored_();
    }
    if (spool.is_only_in_memory(batch.id) || !spool.sync()) return Stored::unavailable;
    ids_.put(batch.id, true, 1);
    return is_queued ? Stored::earlier : Stored::now;
}

PassedStatus PassedBatches::status() const {
    const std::lock_guard lock(status_mutex_);
    return status_;
}

// Under the spool's lock.
void PassedBatches::publish() {
    const auto& spool = spool_.spool;
    const PassedStatus present{spool.delivered(), spool.queued(), spool.dropped().sum(), spool.batches(),
                               spool.disk_bytes()};
    const std::lock_guard lock(status_mutex_);
    status_ = present;
}

}  // namespace fanion::relay::chain
