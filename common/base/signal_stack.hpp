#pragma once

namespace fanion {

// Gives the calling thread a stack of its own for signal handlers with SA_ONSTACK, once: without it
// no handler can run after a stack overflow. Keeps a stack that the thread has already.
// Thread-safe.
void use_signal_stack();

}  // namespace fanion
