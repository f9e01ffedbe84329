#pragma once

// The name of this installation (`iss`) and the epoch of the versions it publishes
// (distribution.md). The epoch changes when the database is no longer the one it was set in:
// restored from a dump, or promoted from a standby.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "common/base/clock.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::publish {

struct Instance {
    std::string iss;          // "fanion:7d1f0c.."
    std::uint64_t epoch = 0;  // of new versions; environments published in another one must be published again
    bool is_new_epoch = false;
};

// The time in seconds, or more where that is needed to exceed the stored epoch and the highest one
// a relay reported. Pure.
std::uint64_t next_epoch(UnixMillis now, std::uint64_t stored, std::uint64_t highest_reported);

// Creates the row at the first start, with the name `iss`, or a random one if that is empty; later
// compares the database's identity with that of the last epoch and starts a new epoch when they
// differ. Replicas may call it at the same time. Throws PgError.
boost::asio::awaitable<Instance> open_instance(db::Pool& pool, UnixMillis now, std::string iss = {});

}  // namespace fanion::cp::publish
