#include "common/service/main.hpp"

#include <csignal>
#include <exception>
#include <iostream>

namespace fanion::service {

void ignore_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);
}

void log_start_failed(const Error& error, const Log& log) { log.error("start_failed", {{"error", describe(error)}}); }

int guarded_run(const char* name, const Log& log, const std::function<Result<int>()>& run) {
    try {
        const auto status = run();
        if (status) return *status;
        log_start_failed(status.error(), log);
    } catch (const std::exception& error) {
        std::cerr << name << ": " << error.what() << "\n";
    }
    return 1;
}

}  // namespace fanion::service
