#pragma once

// People, their invitations and their memberships. Functions run in the caller's transaction and
// throw PgError. People and invitations have no tenant; memberships are read and written in the
// scope of their organisation.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

struct User {
    access::UserId user_id;
    std::string email;
    std::string name;
    std::optional<std::string> password_hash;  // nullopt until the person accepts an invitation
    bool is_disabled = false;
};

boost::asio::awaitable<std::optional<User>> find_user(db::Transaction& tx, access::UserId user_id);
boost::asio::awaitable<std::optional<User>> find_user_by_email(db::Transaction& tx, std::string email);
// Inserts the person, without a password, if there is none of that e-mail address.
boost::asio::awaitable<User> find_or_insert_user(db::Transaction& tx, std::string email, std::string name);
boost::asio::awaitable<void> set_password(db::Transaction& tx, access::UserId user_id, std::string password_hash);

struct Invitation {
    access::UserId user_id;
    access::OrgId org_id;
    access::Role role = access::Role::viewer;
};
boost::asio::awaitable<void> insert_invitation(db::Transaction& tx, Sha256 token_hash, Invitation invitation,
                                               UnixMillis expires_at);
// Locks the row. nullopt when the invitation has been used or has expired.
boost::asio::awaitable<std::optional<Invitation>> lock_invitation(db::Transaction& tx, Sha256 token_hash,
                                                                  UnixMillis now);
boost::asio::awaitable<void> use_invitation(db::Transaction& tx, Sha256 token_hash, UnixMillis now);

struct Member {
    access::UserId user_id;
    std::string email;
    std::string name;
    access::Role role = access::Role::viewer;
    UnixMillis since = 0;
};
// From here on: in the scope of the organisation.
// The first `limit` whose id comes after `after`, in the order of their ids.
boost::asio::awaitable<std::vector<Member>> list_members(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                         std::size_t limit);
boost::asio::awaitable<std::optional<Member>> find_member(db::Transaction& tx, access::OrgId org_id,
                                                          access::UserId user_id);
// The same, and locks the row.
boost::asio::awaitable<std::optional<Member>> lock_member(db::Transaction& tx, access::OrgId org_id,
                                                          access::UserId user_id);
boost::asio::awaitable<void> put_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                            access::Role role);
boost::asio::awaitable<void> remove_membership(db::Transaction& tx, access::OrgId org_id, access::UserId user_id);
// Locks the rows of the owners and returns how many there are: two of them cannot leave at the same
// time, each counting on the other to stay.
boost::asio::awaitable<std::size_t> lock_owners(db::Transaction& tx, access::OrgId org_id);

// Whether any organisation has an owner. Any scope.
boost::asio::awaitable<bool> owner_exists(db::Transaction& tx);

}  // namespace fanion::cp::identity
