#pragma once

// For tests of how often the heap is used. counted_heap.cpp replaces operator new for the whole
// program, so it must be one of the program's sources. It also contains a test of the counter
// itself. Thread-safe.

#include <cstddef>

namespace fanion::test {

std::size_t heap_uses() noexcept;  // by all threads, since the program started

}  // namespace fanion::test
