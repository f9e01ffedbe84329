#pragma once

// Which organisations a person belongs to, and with which roles. Functions run in the caller's
// transaction, of any scope, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/membership.hpp"
#include "control-plane/db/rows.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

// Of rows whose first columns are those of access_of_user().
std::vector<access::Membership> to_memberships(const db::Rows& rows);
// In the order of their keys.
boost::asio::awaitable<std::vector<access::Membership>> orgs_of_user(db::Transaction& tx, access::UserId user_id);
boost::asio::awaitable<std::optional<access::Membership>> find_membership(db::Transaction& tx, access::UserId user_id,
                                                                          std::string org_key);

}  // namespace fanion::cp::identity
