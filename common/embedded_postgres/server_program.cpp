#include "common/embedded_postgres/server_program.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace fanion::embedded_postgres {

namespace {

// Ours, and that PostgreSQL keeps buffers of megabytes that it has freed: for a long list it makes and frees them one
// after another, and pages that are new each time would cost half of its time.
std::vector<std::string> server_environment() {
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable) all.emplace_back(*variable);
    for (const auto* name : {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"}) {
        if (std::getenv(name) == nullptr) all.push_back(std::string(name) + "=33554432");
    }
    return all;
}

// For execve(), as long as the texts live.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// Between fork and exec: only async-signal-safe calls, as this process has threads.
[[noreturn]] void execute(const ServerProgram& program, char* const* arguments, char* const* environment, int input,
                          int output) {
    const auto& user = program.user;
    const bool ready =
        setsid() >= 0 && dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(output, 2) >= 0 &&
        (geteuid() == user.uid || (setgroups(0, nullptr) == 0 && setgid(user.gid) == 0 && setuid(user.uid) == 0)) &&
        chdir("/") == 0;
    umask(077);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (ready) execve(arguments[0], arguments, environment);
    _exit(127);
}

Result<int> wait_for_exit(pid_t child, const ServerProgram& program) {
    const auto deadline = std::chrono::steady_clock::now() + program.limit;
    int status = 0;
    for (pid_t ended = 0; ended != child; ended = waitpid(child, &status, WNOHANG)) {
        if (ended < 0 && errno != EINTR) return 127;
        if (std::chrono::steady_clock::now() >= deadline) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return Error{Errc::timed_out, program.arguments[0] + " did not end in time"};
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<int> run_program(const ServerProgram& program) {
    const auto arguments = pointers_to(program.arguments);
    const auto variables = server_environment();
    const auto environment = pointers_to(variables);
    const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int output = open(program.output.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const pid_t child = input >= 0 && output >= 0 ? fork() : -1;
    if (child == 0) execute(program, arguments.data(), environment.data(), input, output);
    const int reason = errno;
    if (input >= 0) close(input);
    if (output >= 0) close(output);
    if (child < 0) return Error{Errc::internal, "cannot run " + program.arguments[0] + ": " + std::strerror(reason)};
    return wait_for_exit(child, program);
}

}  // namespace fanion::embedded_postgres
