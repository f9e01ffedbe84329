#pragma once

// What presence needs of the database: its way to the other replicas, and the names of members.
// Nothing is stored. Functions run in the caller's transaction, whose scope is the organisation.
// Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::live {

inline constexpr const char* presence_channel = "fanion_presence";

// Tells all replicas, this one among them, once the transaction is committed.
boost::asio::awaitable<void> notify_presence(db::Transaction& tx, std::string sighting);
// Of those that are members.
boost::asio::awaitable<std::map<access::UserId, std::string>> names_of_members(db::Transaction& tx,
                                                                               access::OrgId org_id,
                                                                               std::vector<access::UserId> user_ids);

}  // namespace fanion::cp::live
