#pragma once

// The versions of an environment that its files lead to: those of snapshots, and those of the
// deltas that journals have after them. Reads the journals once; blocking, for startup.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "relay/cache/journal.hpp"
#include "relay/cache/snapshot_file.hpp"

namespace fanion::relay::cache {

// A snapshot, and the journals whose deltas lead on from it. A plain value.
struct StoredChain {
    wire::Version snapshot;
    wire::Version tip;                    // the version to which it leads
    std::vector<wire::Version> journals;  // by their names, in order
    std::size_t deltas = 0;
    std::size_t bytes = 0;       // of these
    std::size_t open_bytes = 0;  // of the last journal, if this process may append to it
};

// Whether one of its files was removed. False also when it cannot be found out.
bool is_missing(const SnapshotFiles& files, const StoredChain& chain);

class StoredVersions {
public:
    explicit StoredVersions(const SnapshotFiles& files);

    // The highest that a journal names.
    const std::optional<wire::Floor>& floor() const noexcept { return floor_; }
    // Journals that cannot be used, or only in part.
    const std::vector<std::string>& problems() const noexcept { return problems_; }

    // Newest tip first, of equal tips the newest snapshot first. Of the versions that only journals
    // lead to, the newest three and `proven`: the others are older than what is kept otherwise.
    std::vector<StoredChain> chains(std::optional<wire::Version> proven) const;
    // The bytes of the snapshot file at the tip. Errors: those of SnapshotFiles::load().
    Result<std::string> load(const StoredChain& chain, std::size_t limit) const;

private:
    struct Delta {
        JournalRecord record;
        wire::Version journal;
    };
    void read_journal(wire::Version base);
    const Delta* after(wire::Version version) const;

    const SnapshotFiles& files_;
    std::map<wire::Version, Delta> deltas_;  // by base
    std::optional<wire::Floor> floor_;
    std::vector<std::string> problems_;
};

}  // namespace fanion::relay::cache
