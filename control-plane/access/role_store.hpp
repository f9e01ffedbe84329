#pragma once

// Roles of an organisation's own. Functions run in the caller's transaction, whose scope is the
// organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/named_role.hpp"
#include "control-plane/access/role_request.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::access {

struct CustomRole {
    RoleId role_id;
    RoleDefinition definition;
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};

// The first `limit` whose key comes after `after`, in the order of their keys' bytes.
boost::asio::awaitable<std::vector<CustomRole>> list_roles(db::Transaction& tx, OrgId org_id, std::string after,
                                                           std::size_t limit);
boost::asio::awaitable<std::size_t> count_roles(db::Transaction& tx, OrgId org_id);
boost::asio::awaitable<std::optional<CustomRole>> find_role(db::Transaction& tx, OrgId org_id, std::string key);
// The same, its row locked: nobody is given the role until the transaction ends.
boost::asio::awaitable<std::optional<CustomRole>> lock_role(db::Transaction& tx, OrgId org_id, std::string key);
// nullopt when the key is taken.
boost::asio::awaitable<std::optional<CustomRole>> insert_role(db::Transaction& tx, OrgId org_id,
                                                              RoleDefinition definition, UnixMillis now);
boost::asio::awaitable<void> update_role(db::Transaction& tx, const CustomRole& role);
boost::asio::awaitable<void> delete_role(db::Transaction& tx, RoleId role_id);

// A role that is to be given to somebody, built-in or of the organisation's own, which stays as it
// is until the transaction ends.
boost::asio::awaitable<std::optional<NamedRole>> role_to_give(db::Transaction& tx, OrgId org_id, std::string key);

// Who has a role: a member in the organisation, a project or an environment, or somebody who is
// invited.
struct RoleUse {
    std::string email;
    std::string place;  // "" the organisation, "projects/web", "projects/web/environments/production"
    bool is_invitation = false;
};
// The first `limit`, in the order of addresses and places.
boost::asio::awaitable<std::vector<RoleUse>> uses_of_role(db::Transaction& tx, OrgId org_id, std::string key,
                                                          UnixMillis now, std::size_t limit);

// Where members have a role or are invited with it, in the organisation (both keys empty), a
// project (the second empty) or an environment; each place once.
struct RolePlace {
    std::string project;
    std::string environment;
};
boost::asio::awaitable<std::vector<RolePlace>> places_of_role(db::Transaction& tx, OrgId org_id, std::string key,
                                                              UnixMillis now);

// From columns of a SELECT: the key, and the permissions, which are NULL for a built-in role. A key
// that no role has permits nothing.
NamedRole to_named_role(const db::Row& row, int key, int permissions);

}  // namespace fanion::cp::access
