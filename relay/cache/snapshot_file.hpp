#pragma once

// The accepted versions of one environment on disk: snapshots `<epoch>.<version>.ruleset`, the
// bytes of distribution.md, and journals `<epoch>.<version>.journal` (journal.hpp), whose first
// delta has that base. Blocking; immutable, so it may be used from the pool while other threads
// hold it. One writer at a time.
//
// A process appends only to a journal that it began, and to none after a failure: what a torn tail
// hides would be lost otherwise.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::relay::cache {

class SnapshotFiles {
public:
    static constexpr std::size_t kept = 3;

    explicit SnapshotFiles(std::string directory) : directory_(std::move(directory)) {}
    const std::string& directory() const noexcept { return directory_; }

    // File, fsync, rename, fsync of the directory. Error: internal (a full or read-only disk).
    Result<> save(wire::Version version, std::string_view bytes) const;

    // Newest first; empty when there is none or the directory cannot be read.
    std::vector<wire::Version> list() const;
    Result<std::string> load(wire::Version version, std::size_t limit) const;
    // False also when it cannot be found out.
    bool is_missing(wire::Version version) const;

    // The same of journals.
    static constexpr std::size_t largest_journal = 2u * 1024 * 1024;
    std::vector<wire::Version> list_journals() const;
    Result<std::string> load_journal(wire::Version base) const;
    bool is_journal_missing(wire::Version base) const;
    // Begins the journal, or adds to one that has `size` bytes, with fdatasync, and fsync of the
    // directory for a new one. Error: internal; also when it is not as long, or was removed.
    Result<> append_to_journal(wire::Version base, std::size_t size, std::string_view records) const;
    // What an earlier process has written may not be on disk yet. Error: internal.
    Result<> sync_journals(const std::vector<wire::Version>& bases) const;

    // Whether to remove journals too: not while the file `floor` may be below theirs.
    enum class Journals { removed, kept };
    // Removes all snapshots but the newest three and the one that leads to `proven`, the journals
    // that lead on from none of them, and what an interrupted save left.
    void prune(std::optional<wire::Version> proven, Journals journals) const;
    void erase_all(Journals journals) const;

private:
    std::string path_of(wire::Version version) const;
    std::string journal_path(wire::Version base) const;
    std::vector<wire::Version> versions_with(std::string_view suffix) const;
    std::string directory_;
};

}  // namespace fanion::relay::cache
