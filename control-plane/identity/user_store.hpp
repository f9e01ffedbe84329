#pragma once

// People and their memberships. Functions run in the caller's transaction and throw PgError. People
// have no tenant and are found one at a time; memberships are read and written in the scope of
// their organisation.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/named_role.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

struct User {
    access::UserId user_id;
    std::string email;
    std::string name;  // shown to this person only; an organisation has its own (Member)
    bool is_disabled = false;
    friend bool operator==(const User&, const User&) = default;
};

struct Account {
    User user;
    std::optional<std::string> password_hash;
    friend bool operator==(const Account&, const Account&) = default;
};

// Any scope.
boost::asio::awaitable<std::optional<User>> find_user(db::Transaction& tx, access::UserId user_id);
boost::asio::awaitable<std::optional<Account>> find_account(db::Transaction& tx, std::string email);
// Locks the person until the transaction ends. Whatever starts or ends a session does so first, and
// reads the account after it.
boost::asio::awaitable<void> lock_user(db::Transaction& tx, access::UserId user_id);
// False when the address has an account. Without a password, the person signs in by other means, or
// once the operator of the installation has reset it.
boost::asio::awaitable<bool> insert_user(db::Transaction& tx, User user, std::optional<std::string> password_hash);
boost::asio::awaitable<void> set_password(db::Transaction& tx, access::UserId user_id, std::string password_hash);

// A JSON object that user interfaces keep for the person.
boost::asio::awaitable<std::string> find_preferences(db::Transaction& tx, access::UserId user_id);
boost::asio::awaitable<void> put_preferences(db::Transaction& tx, access::UserId user_id, std::string preferences);

// One-time tokens that the operator of the installation hands out.
boost::asio::awaitable<void> insert_password_reset(db::Transaction& tx, Sha256 token_hash, access::UserId user_id,
                                                   UnixMillis expires_at);
// Uses up the token and all others of the person. nullopt when it has been used or has expired.
boost::asio::awaitable<std::optional<User>> use_password_reset(db::Transaction& tx, Sha256 token_hash, UnixMillis now);

struct Member {
    access::UserId user_id;
    std::string email;
    std::string name;
    access::NamedRole role;  // in the organisation
    UnixMillis since = 0;
    bool is_of_directory = false;  // the organisation's directory says who they are, and when they leave
};
// From here on: in the scope of the organisation.
// The first `limit` whose id comes after `after`, in the order of their ids.
boost::asio::awaitable<std::vector<Member>> list_members(db::Transaction& tx, access::OrgId org_id, std::string after,
                                                         std::size_t limit);
boost::asio::awaitable<std::optional<Member>> find_member(db::Transaction& tx, access::OrgId org_id,
                                                          access::UserId user_id);
boost::asio::awaitable<std::optional<Member>> find_member_by_email(db::Transaction& tx, access::OrgId org_id,
                                                                   std::string email);
// The account by which the organisation has the person with this address: a member's, or that of
// somebody whom its directory has told of. Where there is neither, one that it makes for itself:
// without a password, and found by nothing but this, so that no other organisation and no
// invitation reaches it. Nobody has proven that other accounts with the address are this person's.
boost::asio::awaitable<access::UserId> account_within(db::Transaction& tx, access::OrgId org_id, std::string email,
                                                      std::string name);
// Whether it is one that the organisation has made for itself.
boost::asio::awaitable<bool> is_own_account(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                            std::string email);
// The same as find_member(), and locks the row.
boost::asio::awaitable<std::optional<Member>> lock_member(db::Transaction& tx, access::OrgId org_id,
                                                          access::UserId user_id);
// `role`: the key of a role that exists (access::role_to_give). False when the person is a member,
// who stays as they are.
boost::asio::awaitable<bool> insert_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                           std::string role, std::string name);
// By a person: groups give it no more.
boost::asio::awaitable<void> set_role(db::Transaction& tx, access::OrgId org_id, access::UserId user_id,
                                      std::string role);
// Also where the organisation's directory provides the person: to it they are no longer active.
boost::asio::awaitable<void> remove_member(db::Transaction& tx, access::OrgId org_id, access::UserId user_id);
// Locks the rows of the owners and returns how many there are: two of them cannot leave at the same
// time, each counting on the other to stay.
boost::asio::awaitable<std::size_t> lock_owners(db::Transaction& tx, access::OrgId org_id);

// Whether any organisation has an owner. Any scope.
boost::asio::awaitable<bool> owner_exists(db::Transaction& tx);

}  // namespace fanion::cp::identity
