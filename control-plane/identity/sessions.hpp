#pragma once

// Signing in and staying signed in: failed attempts remembered, token pairs given out, refresh tokens used once. Functions
// throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis refresh_lifetime = 30LL * 24 * 60 * 60 * 1000;

// A sign-in and the audit entries of its beginning and its end are written in one transaction: there is neither without the
// other.

std::string new_session_id();  // the id of a sign-in
// {"access_token","refresh_token","expires_in","token_type"} of a new sign-in.
boost::asio::awaitable<std::string> start_session(http::Call& call, std::string user_id);
// The same in the caller's transaction, which also writes the entry; good once that is committed.
boost::asio::awaitable<std::string> issue_session(http::Services& services, db::Transaction& tx, std::string user_id,
                                                  std::string session_id);
// The same of a running one for its refresh token, which is then used up. A token that comes a second time ends the whole
// sign-in, which the audit log then says: one of the two who hold it is a thief. Error: unauthenticated.
boost::asio::awaitable<Result<std::string>> continue_session(http::Call& call, std::string refresh_token);
// Ends the sign-in of whoever asks.
boost::asio::awaitable<void> end_session(http::Call& call);

// Whose attempt it is. Waits grow with the failures of this account at this address, and a little with those of the account
// anywhere (identity/sign_in_delay.hpp).
struct SignInAttempt {
    std::string account;  // e-mail address, lower case
    std::string address;
};
// Takes the attempt's turn: sleeps until it has come. Error: rate_limited with the seconds in `detail` when that is too far.
boost::asio::awaitable<Result<>> wait_for_attempt(http::Services& services, SignInAttempt attempt);
boost::asio::awaitable<void> record_failure(http::Services& services, SignInAttempt attempt);
boost::asio::awaitable<void> record_success(http::Services& services, SignInAttempt attempt);

}  // namespace fanion::cp::identity
