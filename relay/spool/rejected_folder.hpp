#pragma once

// Batches that the control plane refused, one file each, for a person to look at. Bounded: the oldest files make room.
// Best effort, because what is in here is already counted as dropped. One thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace fanion::relay::spool {

class RejectedFolder {
public:
    RejectedFolder(std::string directory, std::uint64_t max_bytes)
        : directory_(std::move(directory)), max_(max_bytes) {}

    // False when it could not be written, or is larger than the whole folder may be.
    bool put(std::uint64_t number, std::string_view part, std::string_view body) const;

private:
    void make_room(std::uint64_t needed) const;

    std::string directory_;
    std::uint64_t max_;
};

}  // namespace fanion::relay::spool
