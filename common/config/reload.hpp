#pragma once

// A running program reads its configuration again (SIGHUP). One thread.

#include "common/base/log.hpp"
#include "common/config/parse.hpp"

namespace fanion::config {

// Logs `configuration_refused` for each error. Nothing of a configuration that has one is taken: the old goes on as a whole.
void log_refused(const std::vector<std::string>& errors, const Log& log);

class Reload {
public:
    Reload(Given in_force, LogLevel level) : in_force_(std::move(in_force)), level_(level) {}

    // `now` was taken, and the log's level with it. Logs `configuration_reread`, and `option_needs_restart` for each that has
    // another value than the one in force and is not Option::is_reread().
    void taken(const Options& options, const Given& now, LogLevel level, const Log& log);

private:
    Given in_force_;
    LogLevel level_;
};

}  // namespace fanion::config
