#pragma once

// The commands `migrate`, `bootstrap`, `reset-password`, `make-owner`, `set-quota`,
// `remove-second-factor` and `rewrap`. Each blocks the calling thread until it is done and returns
// the exit status. Results go to standard output, errors to standard error.

#include "common/base/log.hpp"
#include "control-plane/app/config.hpp"

namespace fanion::cp::app {

// 0: the schema is current. 1: it is not, or the database cannot be used. With `config.check`
// nothing is changed.
int run_migrate(const Config& config, const Log& log);

// 0: the setup token was printed. 1: an owner exists, or the database cannot be used.
int run_bootstrap(const Config& config, const Log& log);

// 0: the reset token was printed. 1: there is no such account, or the database cannot be used.
int run_reset_password(const Config& config, const Log& log);

// 0: the person is an owner, or the token that makes them one was printed. 1: there is no such
// organisation, or the database cannot be used.
int run_make_owner(const Config& config, const Log& log);

// 0: the quotas were set, and what the organisation has of each is printed. 1: there is no such
// organisation, or the database cannot be used.
int run_set_quota(const Config& config, const Log& log);
// 0: the person has no second factor any more. 1: they had none, or the database cannot be used.
int run_remove_second_factor(const Config& config, const Log& log);
// 0: all stored secrets are sealed with the first key. 1: some are not, or the database or the keys
// cannot be used. With `config.check` nothing is changed.
int run_rewrap(const Config& config, const Log& log);

}  // namespace fanion::cp::app
