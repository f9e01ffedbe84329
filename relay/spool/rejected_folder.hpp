#pragma once

// Batches that the control plane rejected, one file each, for inspection. Bounded: the oldest files
// are removed to make room. Best effort, because the events are already counted as dropped. One
// thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace fanion::relay::spool {

class RejectedFolder {
public:
    RejectedFolder(std::string directory, std::uint64_t max_bytes)
        : directory_(std::move(directory)), max_(max_bytes) {}

    // False when the file could not be written, or is larger than the folder's limit.
    bool put(std::uint64_t number, std::string_view part, std::string_view body) const;

private:
    void make_room(std::uint64_t needed) const;

    std::string directory_;
    std::uint64_t max_;
};

}  // namespace fanion::relay::spool
