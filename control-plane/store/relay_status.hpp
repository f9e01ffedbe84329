#pragma once

// What relays report about themselves (POST /relay/v1/status): one row per relay and environment, the newest report wins.
// Read back with list_relay_progress (environments_published.hpp).

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/wire/status.hpp"
#include "control-plane/store/pg/transaction.hpp"

namespace fanion::store {

// The transaction's scope is the organisation. Every environment of the status must be one of it: the caller has left out the
// others. Throws PgError.
boost::asio::awaitable<void> write_relay_status(pg::Transaction& tx, std::string org_id, wire::RelayStatus status);

}  // namespace fanion::store
