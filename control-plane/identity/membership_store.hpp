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

// Where roles of the person say nothing at present: in what is deleted and can be restored.
struct DeletedPlace {
    access::OrgId org_id;
    std::string project;
    std::string environment;  // empty: the project as a whole
    friend bool operator==(const DeletedPlace&, const DeletedPlace&) = default;
};
boost::asio::awaitable<std::vector<DeletedPlace>> deleted_places_of_user(db::Transaction& tx, access::UserId user_id);

}  // namespace fanion::cp::identity
