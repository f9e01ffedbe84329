#include "bench/heap.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace fanion::bench {
namespace {

Heap counted;

void* count(void* memory) {
    if (memory == nullptr) throw std::bad_alloc();
    ++counted.allocations;
    counted.held += malloc_usable_size(memory);
    return memory;
}

void release(void* memory) noexcept {
    if (memory != nullptr) counted.held -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

Heap heap() noexcept { return counted; }

}  // namespace fanion::bench

using fanion::bench::count;
using fanion::bench::release;

void* operator new(std::size_t size) { return count(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto step = static_cast<std::size_t>(alignment);
    return count(std::aligned_alloc(step, (size + step - 1) / step * step));
}
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
