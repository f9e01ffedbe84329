#pragma once

// Reloading the configuration of a running program (SIGHUP). Not thread-safe.

#include "common/base/log.hpp"
#include "common/config/parse.hpp"

namespace fanion::config {

// Logs `configuration_refused` for each error. A configuration with an error is not applied at all;
// the previous one stays in force.
void log_refused(const std::vector<std::string>& errors, const Log& log);

class Reload {
public:
    Reload(Given in_force, LogLevel level) : in_force_(std::move(in_force)), level_(level) {}

    // Call after `now` has been applied. Sets the log level and logs `configuration_reread`, and
    // `option_needs_restart` for each option that differs from the configuration the program
    // started with but is not Option::is_reread().
    void applied(const Options& options, const Given& now, LogLevel level, const Log& log);

private:
    Given in_force_;
    LogLevel level_;
};

}  // namespace fanion::config
