#pragma once

// People, what invites them, and who belongs where. Functions run in the caller's transaction. People have no tenant;
// memberships are read and written in their organisation's scope.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/domain/access.hpp"
#include "control-plane/store/pg/transaction.hpp"

namespace fanion::store {

struct User {
    std::string user_id;
    std::string email;
    std::string name;
    std::optional<std::string> password_hash;  // none: never signed in
    bool is_disabled = false;
};

boost::asio::awaitable<std::optional<User>> find_user(pg::Transaction& tx, std::string user_id);
boost::asio::awaitable<std::optional<User>> find_user_by_email(pg::Transaction& tx, std::string email);
// The person of that e-mail address, made now (without a password) when there is none.
boost::asio::awaitable<User> find_or_insert_user(pg::Transaction& tx, std::string email, std::string name);
boost::asio::awaitable<void> set_password(pg::Transaction& tx, std::string user_id, std::string password_hash);

struct Invitation {
    std::string user_id;
    std::string org_id;
    domain::Role role = domain::Role::viewer;
};
boost::asio::awaitable<void> insert_invitation(pg::Transaction& tx, Sha256 token_hash, Invitation invitation,
                                               UnixMillis expires_at);
// The unused, unexpired invitation behind a token, its row locked.
boost::asio::awaitable<std::optional<Invitation>> lock_invitation(pg::Transaction& tx, Sha256 token_hash,
                                                                  UnixMillis now);
boost::asio::awaitable<void> use_invitation(pg::Transaction& tx, Sha256 token_hash, UnixMillis now);

struct Member {
    std::string user_id;
    std::string email;
    std::string name;
    domain::Role role = domain::Role::viewer;
    UnixMillis since = 0;
};
// Scope of the organisation from here on.
boost::asio::awaitable<std::vector<Member>> list_members(pg::Transaction& tx, std::string org_id);
boost::asio::awaitable<std::optional<Member>> find_member(pg::Transaction& tx, std::string org_id, std::string user_id);
// The same, its row locked against other changes.
boost::asio::awaitable<std::optional<Member>> lock_member(pg::Transaction& tx, std::string org_id, std::string user_id);
boost::asio::awaitable<void> put_membership(pg::Transaction& tx, std::string org_id, std::string user_id,
                                            domain::Role role);
boost::asio::awaitable<void> remove_membership(pg::Transaction& tx, std::string org_id, std::string user_id);
// Locks the owners' rows, so that two owners cannot both stop being the other's successor.
boost::asio::awaitable<std::size_t> lock_owners(pg::Transaction& tx, std::string org_id);

}  // namespace fanion::store
