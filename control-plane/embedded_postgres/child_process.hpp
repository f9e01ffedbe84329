#pragma once

// Starting a program as another user, away from our terminal and without our open files. POSIX; thread-safe.

#include <sys/types.h>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::embedded_postgres {

struct ChildProcess {
    std::vector<std::string> arguments;  // [0] is the program's path
    uid_t uid;
    gid_t gid;
    std::filesystem::path output;  // standard output and error are appended here
};

// In a session of its own: a Ctrl-C in our terminal does not reach it. Error: internal, when no process could be made.
Result<pid_t> start_child(const ChildProcess& child);

// Exit status (128 + signal when killed); nothing when it still runs at the end of `limit`.
std::optional<int> wait_for_exit(pid_t child, std::chrono::milliseconds limit);

}  // namespace fanion::cp::embedded_postgres
