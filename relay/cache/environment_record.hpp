#pragma once

// The state that EnvironmentCache keeps for one environment. Private to relay/cache; one thread (the control thread).

#include <chrono>

#include "relay/cache/environment_cache.hpp"

namespace fanion::relay::cache {

// An accepted ruleset that is to be written to disk and put into service.
struct EnvironmentCache::Work {
    Candidate candidate;
    std::chrono::steady_clock::time_point received;
};

struct EnvironmentCache::Environment {
    std::string env_id;
    std::shared_ptr<const SnapshotFiles> files;  // shared with jobs on the pool
    std::shared_ptr<EnvironmentSignals> signals;
    std::optional<wire::Floor> floor;       // of all that was accepted
    std::optional<wire::Floor> disk_floor;  // on disk
    Probation probation;
    EnvironmentStatePtr accepted;  // the newest, in service or about to be
    std::optional<Candidate> served;
    std::optional<wire::Rejection> rejection;  // since the last ruleset that was applied

    // Pending disk operations; run_writer() performs them one after another.
    std::optional<Work> pending;
    bool erase_wanted = false;
    bool record_dirty = false;  // the probation file
    std::string head;           // bytes of the newest head, if not written yet
    bool writing = false;

    std::string disk_problem;
    UnixMillis retry_disk_at = 0;
    UnixMillis served_since = 0;
    std::uint64_t evaluations_before = 0;
    UnixMillis newest_head = 0;  // issued_at
    bool stale = false;
};

}  // namespace fanion::relay::cache
