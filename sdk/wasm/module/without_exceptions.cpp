// Replaces throwing, because exceptions are disabled: the instance ends with a trap. This happens only if memory is
// exhausted or there is a bug, never because of input.

#include <boost/throw_exception.hpp>
#include <cstdlib>
#include <new>

#include "common/base/error.hpp"

namespace fanion {

void throw_exception_from_error(const Error&, const boost::source_location&) { __builtin_trap(); }

}  // namespace fanion

namespace boost {

void throw_exception(const std::exception&) { __builtin_trap(); }
void throw_exception(const std::exception&, const source_location&) { __builtin_trap(); }

}  // namespace boost

// libc++abi's version prints, for which it needs WASI.
extern "C" void __cxa_pure_virtual() { __builtin_trap(); }

// libc++'s version returns null, but address 0 is writable in WebAssembly.
void* operator new(std::size_t size) {
    void* memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) __builtin_trap();
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size == 0 ? 1 : size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
