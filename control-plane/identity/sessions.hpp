#pragma once

// Sessions: what a sign-in starts and a pair of tokens stands for. Refresh tokens are used once;
// failed sign-ins delay the next ones. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis refresh_lifetime = 30LL * 24 * 60 * 60 * 1000;

// The start or end of a session and its audit entry are written in one transaction: neither exists
// without the other.

access::SessionId new_session_id();
// Starts a session. Returns {"access_token","refresh_token","expires_in","token_type"}.
boost::asio::awaitable<std::string> start_session(http::Call& call, access::UserId user_id);
// The same in the caller's transaction, which also writes the audit entry. The tokens are valid
// once that is committed.
boost::asio::awaitable<std::string> issue_session(http::Services& services, db::Transaction& tx, access::UserId user_id,
                                                  access::SessionId session_id);
// Exchanges a refresh token for a new pair of tokens. When a token is presented a second time, one
// of its two holders has stolen it: the session is revoked, with an audit entry. Error:
// unauthenticated.
boost::asio::awaitable<Result<std::string>> continue_session(http::Call& call, std::string refresh_token);
// Ends the caller's session.
boost::asio::awaitable<void> end_session(http::Call& call);

// Delays grow with the failures of this account from this address, and a little with those of the
// account from anywhere (identity/sign_in_delay.hpp).
struct SignInAttempt {
    std::string account;  // e-mail address, lower case
    std::string address;
};
// Reserves the attempt's turn and sleeps until then. Error: rate_limited when that takes too long;
// `detail` has the seconds.
boost::asio::awaitable<Result<>> wait_for_attempt(http::Services& services, SignInAttempt attempt);
boost::asio::awaitable<void> record_failure(http::Services& services, SignInAttempt attempt);
boost::asio::awaitable<void> record_success(http::Services& services, SignInAttempt attempt);

}  // namespace fanion::cp::identity
