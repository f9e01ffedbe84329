#include "relay/cache/crash_mark.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace fanion::relay::cache {
namespace {

constexpr int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

// Read by the handler, which can have no other argument.
std::array<char, 4096> mark_path{};
std::array<struct sigaction, NSIG> previous_actions{};

std::string path_in(const std::string& directory) { return directory + "/crashed"; }

// Only calls that are safe in a signal handler. The signal is blocked until this returns, so what is raised here then has
// its earlier effect; a fault would also happen again.
void on_crash(int signal, siginfo_t* info, void*) {
    const bool is_own = info->si_code > 0 || info->si_pid == ::getpid();
    if (is_own) {
        const int file = ::open(mark_path.data(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file >= 0) ::close(file);
    }
    ::sigaction(signal, &previous_actions[static_cast<std::size_t>(signal)], nullptr);
    ::raise(signal);
}

}  // namespace

void mark_crashes(const std::string& directory) {
    const auto path = path_in(directory);
    if (path.size() >= mark_path.size()) return;
    const bool is_installed = mark_path[0] != '\0';
    std::memcpy(mark_path.data(), path.c_str(), path.size() + 1);
    if (is_installed) return;
    struct sigaction action {};
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigemptyset(&action.sa_mask);
    for (const int signal : crashes) ::sigaction(signal, &action, &previous_actions[static_cast<std::size_t>(signal)]);
}

bool take_crash_mark(const std::string& directory) { return ::unlink(path_in(directory).c_str()) == 0; }

}  // namespace fanion::relay::cache
