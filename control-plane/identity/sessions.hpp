#pragma once

// Sessions: what a sign-in starts and a pair of tokens stands for. Refresh tokens are used once.
// One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis refresh_lifetime = 30LL * 24 * 60 * 60 * 1000;
// How long a client may present a refresh token again that it has used.
inline constexpr UnixMillis refresh_grace = 10LL * 1000;

// The start or end of a session and its audit entry are written in one transaction: neither exists
// without the other.

access::SessionId new_session_id();
// Starts a session of a person whose password was verified against `account`. Returns
// {"access_token","refresh_token","expires_in","token_type"}; nullopt if the account has changed
// since, by a reset of its password for example.
boost::asio::awaitable<std::optional<std::string>> start_session(http::Call& call, Account account);
// The same in the caller's transaction, which also writes the audit entry. The tokens are valid
// once that is committed.
boost::asio::awaitable<std::string> issue_session(http::Call& call, db::Transaction& tx, access::UserId user_id,
                                                  access::SessionId session_id);
// From where the request comes.
SessionPlace place_of(const http::Call& call);
constexpr UnixMillis minute_of(UnixMillis at) noexcept { return at - at % 60'000; }
// Exchanges a refresh token for a new pair of tokens. When a token is presented a second time, one
// of its two holders has stolen it: the session is revoked, with an audit entry. That does not hold
// for the address that used it, within refresh_grace: it gets another pair. Error: unauthenticated.
boost::asio::awaitable<Result<std::string>> continue_session(http::Call& call, std::string refresh_token);
// Ends the caller's session.
boost::asio::awaitable<void> end_session(http::Call& call);

}  // namespace fanion::cp::identity
