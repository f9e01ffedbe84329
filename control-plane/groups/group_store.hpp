#pragma once

// Groups of people, and the roles that they give. Functions run in the caller's transaction, whose
// scope is the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/assignment_store.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/groups/group_roles.hpp"

namespace fanion::cp::groups {

// Those of an organisation that has written none: no rules, and "viewer".
boost::asio::awaitable<StoredGroupRoles> find_group_roles(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> put_group_roles(db::Transaction& tx, access::OrgId org_id, StoredGroupRoles stored);

// The groups of a person, of the directory and of the last single sign-on alike: sorted, each once.
boost::asio::awaitable<std::vector<std::string>> groups_of_user(db::Transaction& tx, access::OrgId org_id,
                                                                access::UserId user_id);
// What single sign-on says of a member. Does nothing for who is none.
boost::asio::awaitable<void> put_sign_in_groups(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                                std::vector<std::string> names);

// Somebody whose groups are known: a member who came by single sign-on, or one that the directory
// says is active, whether or not a member.
struct KnownPerson {
    access::UserId user_id;
    std::string email;
    std::string name;
};
// In the order of their ids.
boost::asio::awaitable<std::vector<KnownPerson>> list_known_people(db::Transaction& tx, access::OrgId org_id);

// Whether a member's role in the organisation is one that a group gives.
boost::asio::awaitable<bool> has_role_by_group(db::Transaction& tx, access::OrgId org_id, access::UserId user_id);
// Gives the role and notes that a group does.
boost::asio::awaitable<void> set_role_by_group(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                               std::string role);
// Ends a membership that groups give no more; the directory may still say that the person is active.
boost::asio::awaitable<void> end_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id);

// A role of a member in a project or an environment of it, without those in deleted ones.
struct PlacedRole {
    access::AssignmentPlace place;
    std::string project;      // key
    std::string environment;  // key; empty: the project
    std::string role;
    bool by_group = false;
};
boost::asio::awaitable<std::vector<PlacedRole>> list_placed_roles(db::Transaction& tx, access::OrgId org_id,
                                                                  access::UserId user_id);
// After put_assignment(), which is what people do.
boost::asio::awaitable<void> mark_assignment_by_group(db::Transaction& tx, access::AssignmentPlace place,
                                                      access::UserId user_id);

struct ListedGroup {
    std::string name;
    std::string source;  // "scim", "sign_in"
    std::uint64_t members = 0;
};
// The first `limit` that come after (`after_name`, `after_source`), in the order of names' bytes.
boost::asio::awaitable<std::vector<ListedGroup>> list_groups(db::Transaction& tx, access::OrgId org_id,
                                                             std::string after_name, std::string after_source,
                                                             std::size_t limit);

}  // namespace fanion::cp::groups
