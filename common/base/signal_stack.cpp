#include "common/base/signal_stack.hpp"

#include <signal.h>

#include <cstddef>
#include <memory>

namespace fanion {
namespace {

constexpr std::size_t stack_bytes = 32 * 1024;

struct SignalStack {
    SignalStack() {
        stack_t current{};
        if (::sigaltstack(nullptr, &current) != 0 || (current.ss_flags & SS_DISABLE) == 0) return;
        memory = std::make_unique<std::byte[]>(stack_bytes);
        stack_t stack{};
        stack.ss_sp = memory.get();
        stack.ss_size = stack_bytes;
        ::sigaltstack(&stack, nullptr);
    }
    ~SignalStack() {
        if (!memory) return;
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        ::sigaltstack(&none, nullptr);
    }
    SignalStack(const SignalStack&) = delete;

    std::unique_ptr<std::byte[]> memory;
};

}  // namespace

void use_signal_stack() {
    static thread_local const SignalStack stack;
    static_cast<void>(stack);
}

}  // namespace fanion
