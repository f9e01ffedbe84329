#pragma once

// Attempts to sign in, in turn (identity/sign_in_delay.hpp). Every attempt begins with
// begin_attempt(); and ends with one of the next three functions. One thread.
// Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

struct SignInAttempt {
    std::string
        account;  // its e-mail address, in any spelling; of a one-time token: which kind, and the client's address
    std::string address;  // the client's
    bool is_token = false;
};

// Reserves the attempt's turn and sleeps until then. When that would take too long, nothing is
// counted, and the result is how long to wait before another attempt.
boost::asio::awaitable<std::optional<std::chrono::milliseconds>> begin_attempt(http::Services& services,
                                                                               SignInAttempt attempt);
// The attempt succeeded: the failures at this address are forgotten, and the address is remembered.
// `user_id` is empty when no person was found by it.
boost::asio::awaitable<void> end_attempt(http::Services& services, SignInAttempt attempt, access::UserId user_id);
// The attempt failed; it stays counted. `user_id`: whose account it was, empty when there is none.
void fail_attempt(http::Call& call, const SignInAttempt& attempt, access::UserId user_id);
// The attempt was not made, for a reason of our own.
boost::asio::awaitable<void> cancel_attempt(http::Services& services, SignInAttempt attempt);

// 429 with Retry-After.
net::Response too_many_attempts(http::Call& call, std::chrono::milliseconds wait);

}  // namespace fanion::cp::identity
