#pragma once

// Ids of the event batches whose effects are stored, so that a repeated batch changes nothing. Kept
// for 7 days (purge_expired in the schema). Functions run in the caller's transaction, which id and
// effects share. They throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::events {

struct BatchKey {
    access::OrgId org_id;
    std::string batch_id;
    std::string relay;
};

// False when the id is known. A second transaction with the same id waits here until the first one
// ends.
boost::asio::awaitable<bool> insert_batch(db::Transaction& tx, BatchKey key);

}  // namespace fanion::cp::events
