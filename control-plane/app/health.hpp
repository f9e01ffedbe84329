#pragma once

// What the operators' port tells. Written by whoever knows, read by the operators' handlers; thread-safe.

#include <atomic>

namespace fanion::cp::app {

class Services;

struct Health {
    std::atomic<bool> started{false};  // the start is over: database reached, keys there, port open
    std::atomic<bool> stopping{false};
    std::atomic<bool> database_up{false};            // at the last look, once a second
    std::atomic<const Services*> services{nullptr};  // read on the I/O thread; ends after it
};

}  // namespace fanion::cp::app
