#pragma once

// Turns events into deliveries: one for each enabled webhook whose filter the event passes, in the
// order of the events. At any moment one replica does it for an organisation. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/webhooks/metrics.hpp"

namespace fanion::cp::webhooks {

struct FanOutDeps {
    db::Pool& pool;
    net::BlockingPool& blocking;  // large entries are parsed there
    const Clock& clock;
    Metrics& metrics;
    const Log& log;
};

// Some of the oldest events of some organisations; the number of events taken. Throws PgError.
boost::asio::awaitable<std::size_t> fan_out(FanOutDeps deps);

}  // namespace fanion::cp::webhooks
