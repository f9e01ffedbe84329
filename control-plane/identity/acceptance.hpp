#pragma once

// Accepting an invitation: an account, a membership and a session. One thread. Coroutines throw
// PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "common/base/crypto.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/invitation_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

struct Invitee {
    Invitation invitation;
    std::optional<Account> account;  // of the invitation's address
};
// nullopt when the token stands for no open invitation, or the account is disabled.
boost::asio::awaitable<std::optional<Invitee>> find_invitee(http::Call& call, Sha256 token_hash);

struct Joined {
    access::UserId user_id;
    net::Response response;
};
// Makes the person a member, uses up the invitation and starts a session. `new_hash` is the
// password of an account that has none, `code` of a second factor, if the person has one. Errors:
// those of pass_second_factor(); unauthenticated when the invitation was accepted or
// withdrawn, whoever gave it may no longer do so, or the account has changed since `invitee` was
// read; conflict when the person is a member already, who stays as they are.
boost::asio::awaitable<Result<Joined>> accept_invitation(http::Call& call, Invitee invitee,
                                                         std::optional<std::string> new_hash, std::string code,
                                                         std::optional<BrowserSite> browser);

// unauthenticated: a one-time token that is not valid, or whose account has another password.
Error wrong_token();

}  // namespace fanion::cp::identity
