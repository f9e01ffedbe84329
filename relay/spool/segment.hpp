#pragma once

// The state that a Spool keeps for one segment file. Private to relay/spool.

#include <cstddef>
#include <cstdint>
#include <string>

#include "relay/spool/spool.hpp"

namespace fanion::relay::spool {

struct Spool::Segment {
    std::string path;
    std::uint64_t bytes = 0;
    std::size_t queued = 0;  // number of its batches that are not settled
};

}  // namespace fanion::relay::spool
