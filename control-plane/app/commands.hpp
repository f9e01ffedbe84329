#pragma once

// `migrate` and `bootstrap`. Each runs to its end on the calling thread; the result is the process's exit status.

#include "common/base/log.hpp"
#include "control-plane/app/config.hpp"

namespace fanion::cp::app {

// 0: the schema is current now. With `check` nothing is changed: 1 says that it is not current.
int run_migrate(const Config& config, const Log& log);

// 0: the setup token is on standard output. 1: refused (an owner exists), or the database cannot be used.
int run_bootstrap(const Config& config, const Log& log);

}  // namespace fanion::cp::app
