#pragma once

// The groups of an organisation's directory. Functions run in the caller's transaction, whose scope
// is the organisation, and throw PgError. Writers have taken access::lock_access(exclusive), so
// that there is one at a time.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::scim {

struct DirectoryGroup {
    std::string group_id;
    std::string name;
    std::optional<std::string> external_id;
    std::size_t members = 0;  // how many
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};

// Which of them; an empty member: any.
struct GroupSelection {
    std::string id;
    std::string name;  // in any case of ASCII letters
    std::string external_id;
    std::string member;  // id
};
boost::asio::awaitable<std::size_t> count_directory_groups(db::Transaction& tx, access::OrgId org_id,
                                                           GroupSelection selected);
// In the order in which they came, from the place `offset` on.
boost::asio::awaitable<std::vector<DirectoryGroup>> list_directory_groups(db::Transaction& tx, access::OrgId org_id,
                                                                          GroupSelection selected, std::size_t offset,
                                                                          std::size_t limit);
boost::asio::awaitable<std::optional<DirectoryGroup>> find_directory_group(db::Transaction& tx, access::OrgId org_id,
                                                                           std::string group_id);
// False when another one has the name.
boost::asio::awaitable<bool> insert_directory_group(db::Transaction& tx, access::OrgId org_id, DirectoryGroup group);
// Its name and external id, version and updated_at. False when another one has the name.
boost::asio::awaitable<bool> update_directory_group(db::Transaction& tx, access::OrgId org_id, DirectoryGroup group);
boost::asio::awaitable<void> delete_directory_group(db::Transaction& tx, access::OrgId org_id, std::string group_id);

// Ids of members, sorted.
boost::asio::awaitable<std::vector<std::string>> list_group_members(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string group_id);
// A member of a group, or a group of a member, as the other one shows it.
struct GroupLink {
    std::string group_id;
    std::string user_id;
    std::string display;  // the group's name, or the user's name
};
boost::asio::awaitable<std::vector<GroupLink>> members_of_groups(db::Transaction& tx, access::OrgId org_id,
                                                                 std::vector<std::string> group_ids);
boost::asio::awaitable<std::vector<GroupLink>> groups_of_members(db::Transaction& tx, access::OrgId org_id,
                                                                 std::vector<std::string> user_ids);

// Those of the ids that the directory tells of.
boost::asio::awaitable<std::vector<std::string>> known_users(db::Transaction& tx, access::OrgId org_id,
                                                             std::vector<std::string> user_ids);
// Who is a member already, or is none, stays as they are.
boost::asio::awaitable<void> add_group_members(db::Transaction& tx, access::OrgId org_id, std::string group_id,
                                               std::vector<std::string> user_ids);
boost::asio::awaitable<void> remove_group_members(db::Transaction& tx, access::OrgId org_id, std::string group_id,
                                                  std::vector<std::string> user_ids);

}  // namespace fanion::cp::scim
