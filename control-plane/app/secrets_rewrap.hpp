#pragma once

// Seals stored secrets again with the first key of --secrets-key, for the command `rewrap`. One
// thread.

#include <boost/asio/awaitable.hpp>
#include <iosfwd>

#include "common/base/log.hpp"
#include "common/base/sealing.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::app {

// Writes a line for each kind of secret to `out`; logs progress, and each value that cannot be
// opened. With `only_check` nothing is changed. Returns whether everything is sealed with the first
// key now. Throws PgError; what was done before stays.
boost::asio::awaitable<bool> rewrap_secrets(db::Pool& pool, const SealingKeys& keys, bool only_check, std::ostream& out,
                                            const Log& log);

}  // namespace fanion::cp::app
