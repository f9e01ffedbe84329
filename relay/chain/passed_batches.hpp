#pragma once

// Batches of relays below on their way up, in a spool of their own: so they neither take the place
// of this relay's own events nor enter its ledger, and theirs is that of the spool: accepted =
// delivered + dropped + queued (relay/spool/spool.hpp). A batch is spooled as it came, and keeps
// its id up to the control plane, whichever way it takes: that makes its effects happen once.
//
// Nothing is dropped to make room: while the spool is full or not on disk, batches are refused, and
// stay in the spools of the relays below. Thread-safe. Makes system calls; for the blocking pool.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/log.hpp"
#include "common/base/lru_cache.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/forward/shipper.hpp"

namespace fanion::relay::chain {

// A batch as a relay below sent it, after checks.
struct PassedBatch {
    std::string id;
    spool::Content content;
    std::string body;  // JSON
};

enum class Stored : std::uint8_t {
    now,
    earlier,      // the id is known
    unavailable,  // not on disk: the sender is to keep it and to try again
};

struct PassedStatus {
    spool::Content delivered;
    spool::Content queued;
    spool::Content dropped;
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;
};

class PassedBatches {
public:
    static constexpr std::size_t ids_remembered = 10'000;

    // `own_prefix`: how the ids of this relay's own batches begin.
    PassedBatches(spool::SpoolConfig config, std::string own_prefix, const Log& log);

    // Before the workers start: called after each batch that was stored, on the thread that does.
    void on_stored(std::function<void()> listener) { on_stored_ = std::move(listener); }

    // Whether a batch of a relay below may have this id.
    bool may_have(std::string_view id) const noexcept { return !id.starts_with(own_prefix_); }
    // Synced to disk where the answer is `now` or `earlier`.
    Stored store(PassedBatch batch);

    forward::SharedSpool& spool() noexcept { return spool_; }
    // As of the last store() or settled batch: waits for no disk.
    PassedStatus status() const;

private:
    void publish();

    const std::string own_prefix_;
    const std::uint64_t most_bytes_;
    std::function<void()> on_stored_;
    forward::SharedSpool spool_;
    LruCache<bool> ids_{ids_remembered};  // under the spool's lock
    mutable std::mutex status_mutex_;
    PassedStatus status_;
};

}  // namespace fanion::relay::chain
