#pragma once

// What a start finds on disk for one environment: the newest snapshot that passes acceptance, the floor, the probation
// record. Blocking; a function of the directory, so that environments are loaded side by side.
//
// Newest to oldest, a snapshot that fails is passed over. One below the floor is served all the same (the last known good answer beats
// no answer; only the disk's owner can put it there) and says so; what comes from upstream must be at the floor or above.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/cache/floor.hpp"
#include "relay/cache/prepare.hpp"
#include "relay/cache/snapshot_file.hpp"

namespace fanion::relay::cache {

struct LoadedEnvironment {
    std::optional<Candidate> candidate;
    std::optional<wire::Floor> floor;
    Probation probation;                       // this start noted
    std::optional<wire::Manifest> head;        // the newest that was verified
    std::optional<wire::Rejection> rejection;  // the newest snapshot's, where it is not served
    std::vector<std::string> problems;         // for the log: damaged files, a snapshot below the floor
};

// `input` says whose snapshots are expected; `bytes`, `floor` and `probation` are read from `files`.
LoadedEnvironment load_environment(const SnapshotFiles& files, PrepareInput input);

}  // namespace fanion::relay::cache
