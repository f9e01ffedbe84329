#pragma once

// After the database was restored or promoted the installation has a new epoch. Every environment
// is then published once in it, so that relays that hold later versions of the old epoch accept it
// (distribution.md: `epoch`).

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "common/base/log.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::publish {

// Publishes the environments whose epoch is below `epoch`, each in a transaction of its own;
// returns their number. Replicas may do it at the same time. Throws PgError.
boost::asio::awaitable<std::size_t> renew_epochs(db::Pool& pool, RulesetPublisher& publisher, std::uint64_t epoch,
                                                 const Log& log);

}  // namespace fanion::cp::publish
