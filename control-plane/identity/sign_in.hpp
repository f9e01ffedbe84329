#pragma once

// Signing in with a password and, if the person has one, a second factor. One thread. Coroutines
// throw PgError.

#include <optional>
#include <string>

#include "control-plane/http/call.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/sign_in_attempts.hpp"

namespace fanion::cp::identity {

struct SignInRequest {
    std::string email;
    std::string password;
    std::string code;  // of the second factor; empty: none was sent
};
// {"email","password","code"}; `code` is optional.
Result<SignInRequest> read_sign_in(http::Call& call);

// Verifies them in turn with other attempts, and starts a session (issue_session()). Errors:
// unauthenticated, and those of pass_second_factor(); unavailable.
http::Answer sign_in(http::Call& call, SignInRequest given, std::optional<BrowserSite> browser);

// Verifies the password of the caller, in turn with attempts to sign in. An error or a response
// (429) when the request ends here. The pointer of what is wrong is /password.
boost::asio::awaitable<std::optional<Result<net::Response>>> refuse_password(http::Call& call, std::string password);

// Ends an attempt whose password was right, as what came after it says: an attempt without a code
// stays counted, as long as no code has come; one with a wrong code has failed.
boost::asio::awaitable<void> settle_attempt(http::Call& call, SignInAttempt attempt, access::UserId user_id,
                                            std::optional<Error> error);

}  // namespace fanion::cp::identity
