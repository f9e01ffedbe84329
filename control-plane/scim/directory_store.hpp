#pragma once

// The people that an organisation's directory tells of. Functions run in the caller's transaction,
// whose scope is the organisation, and throw PgError. Writers have taken
// access::lock_access(exclusive), so that there is one at a time.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/scim/user.hpp"

namespace fanion::cp::scim {

struct DirectoryUser {
    access::UserId user_id;
    std::string email;  // of the account
    UserAttributes attributes;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
};

// Which of them; an empty member: any.
struct UserSelection {
    std::string id;
    std::string user_name;  // in any case of ASCII letters
    std::string external_id;
};
boost::asio::awaitable<std::size_t> count_directory_users(db::Transaction& tx, access::OrgId org_id,
                                                          UserSelection selected);
// In the order in which they came, from the place `offset` on.
boost::asio::awaitable<std::vector<DirectoryUser>> list_directory_users(db::Transaction& tx, access::OrgId org_id,
                                                                        UserSelection selected, std::size_t offset,
                                                                        std::size_t limit);
boost::asio::awaitable<std::optional<DirectoryUser>> find_directory_user(db::Transaction& tx, access::OrgId org_id,
                                                                         access::UserId user_id);
// False when the directory has a person with this user name, or with this account.
boost::asio::awaitable<bool> insert_directory_user(db::Transaction& tx, access::OrgId org_id, DirectoryUser user);
// Its attributes and updated_at. False when another one has the user name.
boost::asio::awaitable<bool> update_directory_user(db::Transaction& tx, access::OrgId org_id, DirectoryUser user);
// And takes the person out of all groups of the directory.
boost::asio::awaitable<void> delete_directory_user(db::Transaction& tx, access::OrgId org_id, access::UserId user_id);

// The name under which the organisation knows its member.
boost::asio::awaitable<void> set_member_name(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                             std::string name);

}  // namespace fanion::cp::scim
