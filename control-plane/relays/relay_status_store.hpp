#pragma once

// What relays report about themselves (POST /relay/v1/status): one row per relay and environment, the newest report wins.
// Read back with list_relay_progress (environments_published.hpp).

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/status.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::relays {

// The transaction's scope is the organisation. Every environment of the status must be one of it: the caller has left out the
// others. Throws PgError.
boost::asio::awaitable<void> write_relay_status(db::Transaction& tx, std::string org_id, wire::RelayStatus status);

// What a relay last said about the environment.
struct RelayProgress {
    std::string relay_id;
    wire::Version version;
    std::string state;  // applied, rejected, quarantined, stale
    std::string code;
    std::string detail;
    UnixMillis reported_at = 0;
};
boost::asio::awaitable<std::vector<RelayProgress>> list_relay_progress(db::Transaction& tx, std::string env_id);

}  // namespace fanion::cp::relays
