#pragma once

// How the program that links this uses the heap: operator new and delete are replaced and counted.
// One thread.

#include <cstddef>

namespace fanion::bench {

struct Heap {
    std::size_t allocations = 0;  // calls of operator new so far
    std::size_t held = 0;         // bytes now held, as malloc rounds them
};

Heap heap() noexcept;

}  // namespace fanion::bench
