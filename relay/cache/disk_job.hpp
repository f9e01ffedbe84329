#pragma once

// Step 11 of the acceptance table for one candidate: snapshot, floor, probation mark, in this
// order. The trust document by which it was accepted is on disk before. Blocking: for the pool.

#include <memory>

#include "relay/cache/floor.hpp"
#include "relay/cache/prepare.hpp"
#include "relay/cache/snapshot_file.hpp"

namespace fanion::relay::cache {

struct DiskJob {
    std::shared_ptr<const SnapshotFiles> files;
    Candidate candidate;
    std::optional<wire::Floor> floor;  // on disk now
    Probation probation;               // with the candidate's mark
    bool record_dirty = false;

    Result<> run() const;
};

}  // namespace fanion::relay::cache
