#pragma once

// Programs that a test starts and ends by their process ids. POSIX; one thread.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/eventually.hpp"

namespace fanion::test {

// The limits of open files; hard 0 leaves both as they are.
struct DescriptorLimits {
    rlim_t soft = 0;
    rlim_t hard = 0;
};

// arguments[0] is the program's path; what it writes is appended to `output`. `uid`: the user to
// run as; another one requires root.
inline pid_t start_child(std::vector<std::string> arguments, const std::filesystem::path& output, uid_t uid = geteuid(),
                         DescriptorLimits descriptors = {}) {
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot fork");
    if (child > 0) return child;
    const int input = open("/dev/null", O_RDONLY);
    const int log = open(output.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    const bool ready = setsid() >= 0 && dup2(input, 0) >= 0 && dup2(log, 1) >= 0 && dup2(log, 2) >= 0 &&
                       (uid == geteuid() || setuid(uid) == 0) && chdir("/") == 0;
    const rlimit limits{descriptors.soft, descriptors.hard};
    const bool limited = descriptors.hard == 0 || setrlimit(RLIMIT_NOFILE, &limits) == 0;
    if (ready && limited) execv(pointers[0], pointers.data());
    _exit(127);
}

// Exit status, 128 + signal when it was killed; nullopt if it is still running after `limit`.
inline std::optional<int> wait_for_exit(pid_t child, std::chrono::milliseconds limit) {
    int status = 0;
    pid_t ended = 0;
    wait_for([&] { return (ended = waitpid(child, &status, WNOHANG)) != 0; }, limit);
    if (ended == 0) return std::nullopt;
    if (ended < 0) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace fanion::test
