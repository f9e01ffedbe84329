#pragma once

// Where batches go beside PostgreSQL. An implementation belongs to one thread, which may block;
// stop() may come from any.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/sinks/lines.hpp"

namespace fanion::cp::sinks {

class EventSink {
public:
    virtual ~EventSink() = default;

    // Names it in the database, metrics and logs; a constant.
    virtual const std::string& name() const noexcept = 0;

    // Returns when the receiver has all lines for good; how many of them it can never take, which
    // are left out. Error: unavailable or internal; any of the lines may have arrived all the same,
    // and all of the batches are to be written again.
    virtual Result<std::uint64_t> write(const std::vector<SinkBatch>& batches) = 0;

    // The program ends: a write() that waits for the receiver gives up soon.
    virtual void stop() noexcept {}
};

using EventSinks = std::vector<std::unique_ptr<EventSink>>;

}  // namespace fanion::cp::sinks
