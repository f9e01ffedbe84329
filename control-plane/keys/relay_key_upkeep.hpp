#pragma once

// Publishes rulesets in which relay keys of a project or an organisation are missing, outdated or
// revoked (upkeep_store.hpp), one environment in a transaction of its own: such a key may grant
// thousands, and whoever makes it does not wait for them.

#include <boost/asio/awaitable.hpp>

#include "common/base/log.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::keys {

// Of at most a hundred environments; returns their number. Replicas may do it at the same time.
// Throws PgError.
boost::asio::awaitable<std::size_t> publish_relay_keys(db::Pool& pool, publish::RulesetPublisher& publisher,
                                                       const Log& log);

}  // namespace fanion::cp::keys
