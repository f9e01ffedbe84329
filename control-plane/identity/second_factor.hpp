#pragma once

// The second factor at sign-in and where it is changed. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/second_factor_store.hpp"

namespace fanion::cp::identity {

// Uses up `code`, of an authenticator program or a recovery code; the transaction holds the lock of
// the person. Nothing is asked of a person without a factor in force. Errors: unauthenticated with
// the code code_required when `code` is empty and one is needed, with the code wrong_code
// when it is not right or has been used; unavailable when the secret cannot be opened.
boost::asio::awaitable<Result<>> pass_second_factor(http::Services& services, db::Transaction& tx,
                                                    access::UserId user_id, std::string code);
// The same for one that may not be in force yet, and by a code of an authenticator program only.
// Error: wrong_code as above; unavailable.
boost::asio::awaitable<Result<>> use_totp_code(http::Services& services, db::Transaction& tx, access::UserId user_id,
                                               SecondFactor factor, std::string code);

// Of an error of these functions.
bool is_wrong_code(const Error& error) noexcept;
bool is_code_wanted(const Error& error) noexcept;

}  // namespace fanion::cp::identity
