#pragma once

// Loads one environment from disk at startup: the newest version that passes acceptance, the floor,
// the probation record. Blocking; touches only the environment's directory, so that several can be
// loaded in parallel.
//
// Versions are those of snapshots, and of the journals that lead on from these; they are tried from
// newest to oldest. One below the floor is served, with a warning: an old answer is better than
// none, and only the disk's owner can put it there. What comes from upstream must be at the floor
// or above.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relay/cache/floor.hpp"
#include "relay/cache/prepare.hpp"
#include "relay/cache/snapshot_file.hpp"
#include "relay/cache/stored_versions.hpp"

namespace fanion::relay::cache {

struct LoadedEnvironment {
    std::optional<Candidate> candidate;
    std::optional<StoredChain> chain;  // of files that led to it
    std::optional<wire::Floor> floor;
    Probation probation;                 // with this start recorded
    std::optional<wire::Manifest> head;  // the newest on disk, if it verifies
    std::string head_bytes;
    std::optional<wire::Manifest> revocation;  // instead of a head, where nothing is there to serve
    std::string revocation_bytes;
    std::vector<Sha256> former_keys;           // with the revocation: who granted it until then
    std::optional<wire::Rejection> rejection;  // of the newest snapshot, if it is not served
    Probation::Started quarantined;            // by this start, and not lifted again
    std::vector<std::string> problems;         // for the log: damaged files, a snapshot below the floor
};

// The ids of the environments that have a directory in `directory`, in order: `most` that have
// rulesets, and those that were revoked, of which only the floor and the revocation are there.
// Empty when it cannot be read.
std::vector<std::string> list_environments(const std::string& directory, std::size_t most);

// `input` says whose snapshots are expected; `bytes`, `floor` and `probation` are read from
// `files`. `crashed`: an earlier process marked its own crash while it served.
LoadedEnvironment load_environment(const SnapshotFiles& files, PrepareInput input, bool crashed);

}  // namespace fanion::relay::cache
