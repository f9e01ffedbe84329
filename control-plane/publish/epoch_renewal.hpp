#pragma once

// After the database was restored or promoted the installation has a new epoch; every environment is published once more in it,
// so that relays that hold later versions of the old one take it (distribution.md: `epoch`).

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "common/base/log.hpp"
#include "control-plane/store/pg/pool.hpp"
#include "control-plane/store/publish_sink.hpp"

namespace fanion::publish {

// Publishes environments whose epoch is below `epoch`, one transaction each; returns how many. Harmless when replicas do it at
// the same time. Throws PgError.
boost::asio::awaitable<std::size_t> renew_epochs(pg::Pool& pool, store::PublishSink& publisher, std::uint64_t epoch,
                                                 const Log& log);

}  // namespace fanion::publish
