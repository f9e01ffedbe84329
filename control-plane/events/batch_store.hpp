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
    std::string part{};  // see wire::EventBatch
};

// Ids, each of one of the keys. The others change nothing: they are stored already, or what they
// are a part of is.
struct TakenBatches {
    std::vector<std::string> stored;   // new
    std::vector<std::string> divided;  // a part of them is stored already; they are to come in parts
};
// No id may be there twice. A second transaction with one of the ids, or with the whole or a part
// of one, waits here until the first one ends.
boost::asio::awaitable<TakenBatches> insert_batches(db::Transaction& tx, access::OrgId org_id,
                                                    std::vector<BatchKey> keys);

}  // namespace fanion::cp::events
