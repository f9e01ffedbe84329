#pragma once

// Who this installation is (`iss`) and the epoch that versions are given out in (distribution.md). The epoch changes when
// the database is not the one it was given out in: restored from a dump, or promoted from a standby.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::publish {

struct Instance {
    std::string iss;          // "fanion:7d1f0c.."
    std::uint64_t epoch = 0;  // for new environments; those published under another one must be published anew
    bool is_new_epoch = false;
};

// Epochs never go back: beyond the clock, the stored one and the highest that any relay reported. Pure.
std::uint64_t next_epoch(UnixMillis now, std::uint64_t stored, std::uint64_t highest_reported);

// Makes the row at the first start; afterwards compares the database with the one of the last epoch. Replicas may call it at
// the same time. Throws PgError.
boost::asio::awaitable<Instance> open_instance(db::Pool& pool, UnixMillis now);

}  // namespace fanion::cp::publish
