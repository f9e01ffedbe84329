#pragma once

// Refresh tokens and the memory of failed sign-ins. No tenant: functions run in a transaction of any scope.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

struct RefreshToken {
    std::string session_id;  // one per sign-in
    std::string user_id;
    UnixMillis expires_at = 0;
    bool is_used = false;
    bool is_revoked = false;
};

boost::asio::awaitable<void> insert_refresh_token(db::Transaction& tx, Sha256 token_hash, RefreshToken token);
// The row locked, in whatever state it is.
boost::asio::awaitable<std::optional<RefreshToken>> lock_refresh_token(db::Transaction& tx, Sha256 token_hash);
boost::asio::awaitable<void> use_refresh_token(db::Transaction& tx, Sha256 token_hash, UnixMillis now);
boost::asio::awaitable<void> revoke_session(db::Transaction& tx, std::string session_id, UnixMillis now);
// False once a token of the sign-in was presented twice, or its owner signed out.
boost::asio::awaitable<bool> is_session_live(db::Transaction& tx, std::string session_id);

struct SignInMemory {
    std::uint32_t failures = 0;
    UnixMillis last_at = 0;
    UnixMillis retry_after = 0;  // when the next attempt may be looked at
};
// The row of a subject locked; a fresh memory when there is none.
boost::asio::awaitable<SignInMemory> lock_sign_in_memory(db::Transaction& tx, std::string subject);
boost::asio::awaitable<void> put_sign_in_memory(db::Transaction& tx, std::string subject, SignInMemory memory);
boost::asio::awaitable<void> forget_sign_in_failures(db::Transaction& tx, std::string subject);

}  // namespace fanion::cp::identity
