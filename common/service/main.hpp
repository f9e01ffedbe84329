#pragma once

// The frame of a service's main(): arguments, configuration errors, signals, exit status.
//
// Exit status: 0 after --help, --version, or a clean stop; 1 when the service cannot start or
// fails; 2 for a configuration with mistakes, all of which are printed to standard error.

#include <functional>
#include <string>
#include <vector>

#include "common/base/core_dumps.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/config/parse.hpp"
#include "common/config/program.hpp"
#include "common/service/protection.hpp"

namespace fanion::service {

template <class Config>
struct Program {
    using Parsed = config::Parsed<Config>;

    const char* name;
    // Parses arguments, environment and files. Called once at the start, and again by whoever calls
    // `load`.
    Parsed (*parse)(const std::vector<std::string>& arguments, const config::Environment& environment);
    // Runs the service or a command and returns the exit status. `load` parses the same arguments
    // again and may be called on any thread. Error: why the service cannot run; the frame logs it
    // and exits with 1.
    Result<int> (*run)(Parsed parsed, std::function<Parsed()> load, const Log& log);
};

// Before anything else: SIGPIPE is ignored permanently, and SIGHUP until the service can reload, so
// that an early one does not end the process.
void ignore_signals();

// Logs `start_failed`: the last thing to do before the process ends with 1.
void log_start_failed(const Error& error, const Log& log);

// Returns what `run` returns. Its error is logged as `start_failed`, what it throws is printed to
// standard error; the status is 1 in both cases.
int guarded_run(const char* name, const Log& log, const std::function<Result<int>()>& run);

// `Config` has a member `protection`.
template <class Config>
int run_program(int argc, char** argv, const Program<Config>& program) {
    ignore_signals();
    const auto load = [arguments = std::vector<std::string>(argv + 1, argv + argc), parse = program.parse] {
        return parse(arguments, config::process_environment);
    };
    auto parsed = load();
    if (const auto status = config::ended_by(parsed, program.name)) return *status;
    const Log log(2, parsed.config.log_level);
    if (!parsed.config.protection.allow_core_dumps && !forbid_core_dumps()) log.warn("core_dumps_not_forbidden");
    return guarded_run(program.name, log, [&] { return program.run(std::move(parsed), load, log); });
}

}  // namespace fanion::service
