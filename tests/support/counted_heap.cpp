#include "tests/support/counted_heap.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

namespace {

std::atomic<std::size_t> uses{0};

void* counted(std::size_t size) noexcept {
    uses.fetch_add(1, std::memory_order_relaxed);
    return std::malloc(size == 0 ? 1 : size);
}

void* counted_or_throw(std::size_t size) {
    if (void* memory = counted(size)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return counted_or_throw(size); }
void* operator new[](std::size_t size) { return counted_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace fanion::test {

std::size_t heap_uses() noexcept { return uses.load(std::memory_order_relaxed); }

}  // namespace fanion::test

TEST_CASE("the counter of allocations counts") {
    const auto before = fanion::test::heap_uses();
    const auto text = std::make_unique<std::string>(100, 'x');
    CHECK(fanion::test::heap_uses() >= before + 2);
    CHECK(text->size() == 100);
}
