#pragma once

// After the database was restored or promoted the installation has a new epoch, and every
// environment is published once in it, so that relays that hold later versions of the old epoch
// accept it (distribution.md: `epoch`). The same is done when the trust document raises the epoch
// floor. After the signing key was exchanged every environment is published once more with it, so
// that relays hold nothing that only the former key has signed when that is no longer trusted.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "common/base/log.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/publisher.hpp"

namespace fanion::cp::publish {

// Publishes again the environments whose newest version `publisher` would make in a later epoch or
// sign with another key, each in a transaction of its own; returns their number. Replicas may do it
// at the same time. Throws PgError.
boost::asio::awaitable<std::size_t> renew_published(db::Pool& pool, Publisher& publisher, const Log& log);

}  // namespace fanion::cp::publish
