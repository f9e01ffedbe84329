#pragma once

// A batch as its relay sent it, kept for sinks. Plain value.

#include <cstddef>
#include <string>

#include "common/base/compression.hpp"

namespace fanion::cp::sinks {

struct SentBatch {
    std::string batch_id;
    Encoding encoding = Encoding::identity;
    std::size_t unpacked_bytes = 0;
    std::string body;
};

}  // namespace fanion::cp::sinks
