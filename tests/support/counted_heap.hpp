#pragma once

// For programs that hold how often the heap is used: counted_heap.cpp replaces operator new for the whole program, so it is
// one of its sources, and brings the test that the counter counts. Thread-safe.

#include <cstddef>

namespace fanion::test {

std::size_t heap_uses() noexcept;  // since the program began, by any thread

}  // namespace fanion::test
