#include "control-plane/embedded_postgres/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace fanion::cp::embedded_postgres {

namespace {

// Between fork and exec: only what is safe after a fork of a process with threads.
[[noreturn]] void become(const ChildProcess& child, char* const* arguments, int input, int output) {
    const bool other_user = geteuid() != child.uid;
    const bool ready =
        setsid() >= 0 && dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0 &&
        (!other_user || (setgroups(0, nullptr) == 0 && setgid(child.gid) == 0 && setuid(child.uid) == 0)) &&
        chdir("/") == 0;
    umask(077);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (ready) execv(arguments[0], arguments);
    _exit(127);
}

}  // namespace

Result<pid_t> start_child(const ChildProcess& child) {
    std::vector<char*> arguments;
    for (const auto& argument : child.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int output = open(child.output.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const pid_t pid = input >= 0 && output >= 0 ? fork() : -1;
    if (pid == 0) become(child, arguments.data(), input, output);
    const int reason = errno;
    if (input >= 0) close(input);
    if (output >= 0) close(output);
    if (pid < 0) return Error{Errc::internal, "cannot start " + child.arguments[0] + ": " + std::strerror(reason)};
    return pid;
}

std::optional<int> wait_for_exit(pid_t child, std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        int status = 0;
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0 && errno != EINTR) return 127;
        if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace fanion::cp::embedded_postgres
