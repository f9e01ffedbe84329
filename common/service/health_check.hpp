#pragma once

// The command `healthcheck` of a service, for containers and supervisors that have no other program
// to ask with: it asks the operators' port of the process that runs with the same configuration.
// Blocking; one thread.

#include <chrono>
#include <string_view>

#include "common/base/error.hpp"
#include "common/config/endpoint.hpp"
#include "common/config/parse.hpp"
#include "common/service/ports.hpp"

namespace fanion::service {

inline constexpr std::string_view health_check_command = "healthcheck";
inline constexpr std::string_view health_check_meaning =
    "ask the running program whether it is ready (or, with --live, alive), and exit with 0 or 1";

// Adds --live.
void describe_health_check(config::Options& options, bool& live);

// Whether the command is among those given.
bool is_health_check(const config::Reading& reading);

struct HealthCheck {
    const config::Endpoint& port;  // --operators-listen
    const PortOptions& options;
    bool live = false;                          // ask /livez, not /readyz
    std::chrono::milliseconds patience{5'000};  // for the whole exchange
};

// What must be right for the question to be put: the ports' options, and a port that is known.
void validate_health_check(const HealthCheck& check, config::Reading& out);

// Returns whether the program answers that it is well. Error: unavailable, with its reason; network
// or timed_out, nothing that can be understood answers.
Result<> check_health(const HealthCheck& check);

// Prints `ready` or `alive`, or the error as one line to standard error. Returns the exit status, 0
// or 1.
int run_health_check(const HealthCheck& check, std::string_view program);

}  // namespace fanion::service
