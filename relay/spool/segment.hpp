#pragma once

// What a Spool remembers of one segment file. Private to relay/spool.

#include <cstddef>
#include <cstdint>
#include <string>

#include "relay/spool/spool.hpp"

namespace fanion::relay::spool {

struct Spool::Segment {
    std::string path;
    std::uint64_t bytes = 0;
    std::size_t queued = 0;  // batches in it that are not settled
};

}  // namespace fanion::relay::spool
