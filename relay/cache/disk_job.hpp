#pragma once

// Step 11 of the acceptance table for one candidate. The trust document by which it was accepted is
// on disk before. Blocking: for the pool.
//
// Where the files lead to the base of its deltas, these are appended to a journal with the floor:
// one write and one fdatasync. Otherwise, and where that fails, the snapshot is written, and then
// the floor. Then follows the probation mark.

#include <memory>
#include <optional>
#include <vector>

#include "relay/cache/floor.hpp"
#include "relay/cache/prepare.hpp"
#include "relay/cache/snapshot_file.hpp"
#include "relay/cache/stored_versions.hpp"

namespace fanion::relay::cache {

// Of one chain. Many small deltas cost more than the next snapshot when they are replayed and kept.
inline constexpr std::size_t most_deltas = 128;
// As many bytes as the ruleset has, taken for 64 KiB at least and 1 MiB at most.
std::size_t most_journal_bytes(const EnvironmentState& state);

// Written and then read by one thread after the other.
struct DiskJob {
    std::shared_ptr<const SnapshotFiles> files;
    Candidate candidate;
    std::vector<JournalRecordPtr> deltas;  // that lead to the candidate, oldest first; may be empty
    std::optional<wire::Floor> floor;      // on disk now
    Probation probation;                   // with the candidate's mark
    bool record_dirty = false;
    std::optional<StoredChain> chain;  // on disk: before run(), and after it if it succeeds

    bool is_whole = false;  // after run(): it was not appended
    Result<> run();

private:
    bool is_continued() const;
    bool append();
    Result<> write_whole();
};

}  // namespace fanion::relay::cache
