#pragma once

// Refresh tokens and failed sign-ins. They have no tenant: functions run in a transaction of any
// scope. They throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

struct RefreshToken {
    access::SessionId session_id;  // one per sign-in
    access::UserId user_id;
    UnixMillis expires_at = 0;
    bool is_used = false;
    bool is_revoked = false;
};

boost::asio::awaitable<void> insert_refresh_token(db::Transaction& tx, Sha256 token_hash, RefreshToken token);
// Locks the row. Also a token that is used, revoked or expired.
boost::asio::awaitable<std::optional<RefreshToken>> lock_refresh_token(db::Transaction& tx, Sha256 token_hash);
boost::asio::awaitable<void> use_refresh_token(db::Transaction& tx, Sha256 token_hash, UnixMillis now);
boost::asio::awaitable<void> revoke_session(db::Transaction& tx, access::SessionId session_id, UnixMillis now);
// False once the session is revoked: its owner has signed out, or a refresh token was presented
// twice.
boost::asio::awaitable<bool> is_session_live(db::Transaction& tx, access::SessionId session_id);

struct SignInFailures {
    std::uint32_t count = 0;
    UnixMillis last_at = 0;
    UnixMillis retry_after = 0;  // the next attempt is not processed before
};
// Locks the subject's row; zero failures when there is none.
boost::asio::awaitable<SignInFailures> lock_sign_in_failures(db::Transaction& tx, std::string subject);
boost::asio::awaitable<void> put_sign_in_failures(db::Transaction& tx, std::string subject, SignInFailures failures);
boost::asio::awaitable<void> delete_sign_in_failures(db::Transaction& tx, std::string subject);

}  // namespace fanion::cp::identity
