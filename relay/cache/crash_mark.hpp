#pragma once

// A file by which a process that crashes tells the next one that it did. A process that is killed
// from outside (SIGKILL, out of memory, a reset, a signal of another process) leaves none.

#include <string>

namespace fanion::relay::cache {

// From now on a crash of this process (SIGSEGV, SIGABRT and so std::terminate, SIGBUS, SIGFPE,
// SIGILL) creates `<directory>/crashed`, and then has the effect that it had before. Replaces an
// earlier call's directory. Not thread-safe; call it before other threads start.
void mark_crashes(const std::string& directory);

// Whether an earlier process left the mark in this directory; removes it. Blocking.
bool take_crash_mark(const std::string& directory);

}  // namespace fanion::relay::cache
