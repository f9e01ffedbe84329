#pragma once

// Ids of the event batches whose effects are stored, so that a repeated batch changes nothing. Kept
// for 7 days (purge_expired in the schema). Functions run in the caller's transaction, which id and
// effects share. They throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::events {

struct BatchKey {
    std::string batch_id;
    std::string relay;
};

// The ids among `keys` that are new, in any order. No id may be there twice. A second transaction
// with one of the ids waits here until the first one ends.
boost::asio::awaitable<std::vector<std::string>> insert_batches(db::Transaction& tx, access::OrgId org_id,
                                                                std::vector<BatchKey> keys);

}  // namespace fanion::cp::events
