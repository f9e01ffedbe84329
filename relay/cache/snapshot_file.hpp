#pragma once

// The accepted snapshots of one environment on disk: `<epoch>.<version>.ruleset`, the bytes of
// distribution.md. Blocking; immutable, so it may be used from the pool while other threads hold
// it. One writer at a time.

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

    // Removes all snapshots but the newest three and `proven`, and what an interrupted save left.
    void prune(std::optional<wire::Version> proven) const;
    void erase_all() const;

private:
    std::string path_of(wire::Version version) const;
    std::string directory_;
};

}  // namespace fanion::relay::cache
