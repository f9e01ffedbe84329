#pragma once

// Sessions, refresh tokens, failed sign-ins, and where people have signed in. They have no tenant:
// functions run in a transaction of any scope. They throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/identity/sign_in_delay.hpp"
#include "control-plane/identity/user_store.hpp"

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

// From where a session is used.
struct SessionPlace {
    std::string address;
    std::string user_agent;  // as shown_user_agent() makes it
};
// Starts a session, or continues one until `expires_at`. `minute`: that of `now`.
boost::asio::awaitable<void> put_session(db::Transaction& tx, access::SessionId session_id, access::UserId user_id,
                                         SessionPlace place, UnixMillis now, UnixMillis minute, UnixMillis expires_at);
struct LiveSession {
    UnixMillis last_used_at = 0;  // in whole minutes
    access::OrgId only_org;       // see limit_session(); empty: it acts wherever its person does
};
// nullopt once the session is over: it has expired, its owner has ended it, or a refresh token was
// presented twice.
boost::asio::awaitable<std::optional<LiveSession>> find_live_session(db::Transaction& tx, access::SessionId session_id,
                                                                     UnixMillis now);
// A session that an organisation's identity provider has started acts in that organisation only.
boost::asio::awaitable<void> limit_session(db::Transaction& tx, access::SessionId session_id, access::OrgId only_org,
                                           std::string provider_id);
boost::asio::awaitable<void> end_sessions_of_provider(db::Transaction& tx, std::string provider_id, UnixMillis now);
// Does nothing for a use before the last one.
boost::asio::awaitable<void> record_session_use(db::Transaction& tx, access::SessionId session_id, SessionPlace place,
                                                UnixMillis minute);

// The session has a cookie in the place of refresh tokens.
boost::asio::awaitable<void> put_cookie(db::Transaction& tx, access::SessionId session_id, Sha256 cookie_hash);
// A change of rights, as the browser knows them: `rights` is their hash.
struct CookieRenewal {
    Sha256 rights{};
    Sha256 new_hash{};
    UnixMillis old_until = 0;  // until then the old cookie is taken too
};
// Replaces the cookie when the rights have changed since the last call. Whether it did.
boost::asio::awaitable<bool> renew_cookie(db::Transaction& tx, Sha256 cookie_hash, CookieRenewal renewal);

struct SessionRow {
    access::SessionId session_id;
    UnixMillis created_at = 0;
    UnixMillis last_used_at = 0;  // in whole minutes
    std::string address;          // where it was last used
    std::string user_agent;
    UnixMillis expires_at = 0;
};
// Sessions that are going on, newest first: the first `limit` that come after the session `after`,
// or from the newest if it is empty.
boost::asio::awaitable<std::vector<SessionRow>> list_sessions(db::Transaction& tx, access::UserId user_id,
                                                              UnixMillis now, std::string after, std::size_t limit);
boost::asio::awaitable<bool> has_session(db::Transaction& tx, access::UserId user_id, access::SessionId session_id,
                                         UnixMillis now);
// Ends all sessions of the person but `kept`. The ids of those that were going on.
boost::asio::awaitable<std::vector<access::SessionId>> revoke_other_sessions(db::Transaction& tx,
                                                                             access::UserId user_id,
                                                                             access::SessionId kept, UnixMillis now);

// Locks the row of the subject, which is inserted if it is missing.
boost::asio::awaitable<SignInFailures> lock_sign_in_failures(db::Transaction& tx, std::string subject, UnixMillis now);
boost::asio::awaitable<void> put_sign_in_failures(db::Transaction& tx, std::string subject, SignInFailures failures);
boost::asio::awaitable<void> delete_sign_in_failures(db::Transaction& tx, std::string subject);

boost::asio::awaitable<bool> has_signed_in_from(db::Transaction& tx, std::string email, std::string address);
boost::asio::awaitable<void> remember_sign_in_address(db::Transaction& tx, access::UserId user_id, std::string address,
                                                      UnixMillis now);
boost::asio::awaitable<void> forget_sign_in_addresses(db::Transaction& tx, access::UserId user_id);

}  // namespace fanion::cp::identity
