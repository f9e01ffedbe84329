#pragma once

// Refresh tokens, failed sign-ins, and where people have signed in. They have no tenant: functions
// run in a transaction of any scope. They throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/identity/sign_in_delay.hpp"

namespace fanion::cp::identity {

struct RefreshToken {
    access::SessionId session_id;  // one per sign-in
    access::UserId user_id;
    UnixMillis expires_at = 0;
    std::optional<UnixMillis> used_at = {};
    std::string used_from = {};  // address of the client that used it
    bool is_revoked = false;
};

boost::asio::awaitable<void> insert_refresh_token(db::Transaction& tx, Sha256 token_hash, RefreshToken token);
// Locks the row. Also a token that is used, revoked or expired.
boost::asio::awaitable<std::optional<RefreshToken>> lock_refresh_token(db::Transaction& tx, Sha256 token_hash);
boost::asio::awaitable<void> use_refresh_token(db::Transaction& tx, Sha256 token_hash, std::string address,
                                               UnixMillis now);
boost::asio::awaitable<void> revoke_session(db::Transaction& tx, access::SessionId session_id, UnixMillis now);
boost::asio::awaitable<void> revoke_sessions_of(db::Transaction& tx, access::UserId user_id, UnixMillis now);
// False once the session is revoked: its owner has signed out, or a refresh token was presented
// twice.
boost::asio::awaitable<bool> is_session_live(db::Transaction& tx, access::SessionId session_id);

// Locks the row of the subject, which is inserted if it is missing.
boost::asio::awaitable<SignInFailures> lock_sign_in_failures(db::Transaction& tx, std::string subject, UnixMillis now);
boost::asio::awaitable<void> put_sign_in_failures(db::Transaction& tx, std::string subject, SignInFailures failures);
boost::asio::awaitable<void> delete_sign_in_failures(db::Transaction& tx, std::string subject);

boost::asio::awaitable<bool> has_signed_in_from(db::Transaction& tx, std::string email, std::string address);
boost::asio::awaitable<void> remember_sign_in_address(db::Transaction& tx, access::UserId user_id, std::string address,
                                                      UnixMillis now);
boost::asio::awaitable<void> forget_sign_in_addresses(db::Transaction& tx, access::UserId user_id);

}  // namespace fanion::cp::identity
