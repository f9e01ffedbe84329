#pragma once

// Sessions: what a sign-in starts and a pair of tokens, or the cookie of a browser, stands for.
// Refresh tokens are used once. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/session_store.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis browser_idle = 12LL * 60 * 60 * 1000;  // after which the session of a browser is over
// How long a cookie that was replaced is taken, for requests that are on their way.
inline constexpr UnixMillis cookie_grace = 60LL * 1000;
inline constexpr UnixMillis refresh_lifetime = 30LL * 24 * 60 * 60 * 1000;
// How long a client may present a refresh token again that it has used.
inline constexpr UnixMillis refresh_grace = 10LL * 1000;

// The start or end of a session and its audit entry are written in one transaction: neither exists
// without the other.

access::SessionId new_session_id();
// Starts or continues a session in the caller's transaction, which also writes the audit entry.
// The response has {"access_token","refresh_token","expires_in","token_type"}, or for a browser
// {"session_id","expires_at"} and a cookie, which are valid once that is committed.
boost::asio::awaitable<net::Response> issue_session(http::Call& call, db::Transaction& tx, access::UserId user_id,
                                                    access::SessionId session_id, std::optional<BrowserSite> browser);
// For a request that asks for a cookie. Errors: those of PublicUrl::site() and check_source().
Result<BrowserSite> site_to_sign_in(const http::Call& call);
// The site and the value of the request's cookie.
struct OwnCookie {
    BrowserSite site;
    std::string value;
};
// nullopt when the request has none.
std::optional<OwnCookie> own_cookie(const http::Call& call);
// Replaces the cookie of the request, if it has one and the rights of its person are others than
// at the last call. `rights`: a text of them. The value for Set-Cookie; empty: the cookie stays.
boost::asio::awaitable<std::string> renew_cookie(http::Call& call, std::string_view rights);
// From where the request comes.
SessionPlace place_of(const http::Call& call);
constexpr UnixMillis minute_of(UnixMillis at) noexcept { return at - at % 60'000; }
// Exchanges a refresh token for a new pair of tokens, as issue_session() returns them. When a
// token is presented a second time, one of its two holders has stolen it: the session is revoked,
// with an audit entry. That does not hold for the address that used it, within refresh_grace: it
// gets another pair. Error: unauthenticated.
boost::asio::awaitable<Result<net::Response>> continue_session(http::Call& call, std::string refresh_token);
// Ends the caller's session.
boost::asio::awaitable<void> end_session(http::Call& call);

}  // namespace fanion::cp::identity
