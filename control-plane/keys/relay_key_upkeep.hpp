#pragma once

// Publishes rulesets in which relay keys of a project or an organisation are missing, outdated or
// revoked (upkeep_store.hpp), one environment in a transaction of its own: such a key may grant
// thousands, and whoever makes it does not wait for them.

#include <boost/asio/awaitable.hpp>

#include "common/base/log.hpp"
#include "common/telemetry/metrics.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/ruleset_publisher.hpp"

namespace fanion::cp::keys {

struct UpkeepMetrics {
    explicit UpkeepMetrics(telemetry::Registry& registry);
    UpkeepMetrics(const UpkeepMetrics&) = delete;

    telemetry::Counter failures;
};

inline constexpr int most_upkeep_at_once = 100;

// Of at most so many environments; returns their number. One that fails is tried again later, and
// the others are published all the same. Replicas may do it at the same time. Throws PgError when
// the database is unavailable.
boost::asio::awaitable<std::size_t> publish_relay_keys(db::Pool& pool, publish::RulesetPublisher& publisher,
                                                       UpkeepMetrics& metrics, const Log& log);

}  // namespace fanion::cp::keys
