#include "control-plane/identity/browser_session_routes.hpp"

#include "control-plane/identity/audit_trail.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/sign_in.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {
namespace {

bool is_foreign(const Error& error) noexcept {
    return !error.findings.empty() && error.findings.front().code == "bad_origin";
}

// A page of another origin tries to sign a browser in, to an account that its maker has most likely.
boost::asio::awaitable<void> record_foreign_sign_in(http::Call& call, std::string email) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    const auto account = co_await find_account(tx, std::move(email));
    if (account) record_denial(call, account->user.user_id, "by a page of another origin");
}

http::Answer handle_start_browser_session(http::Call& call) {
    auto given = read_sign_in(call);
    if (!given) co_return given.error();
    auto site = site_to_sign_in(call);  // before the password: a foreign page does not get to try any
    if (!site) {
        if (is_foreign(site.error())) co_await record_foreign_sign_in(call, std::move(given->email));
        co_return site.error();
    }
    co_return co_await sign_in(call, std::move(*given), std::move(*site));
}

http::Answer handle_end_browser_session(http::Call& call) {
    co_await end_session(call);
    auto response = net::empty_response(204);
    const auto cookie = own_cookie(call);
    if (cookie) response.set("Set-Cookie", set_cookie_text(cookie->site, ""));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route browser_session_table[] = {
    {Method::post, "/api/v1/auth/session", Permission::open, handle_start_browser_session},
    {Method::del, "/api/v1/auth/session", Permission::signed_in, handle_end_browser_session, "",
     http::PatchForms::merge, http::Caller::session, nullptr, http::Account::not_needed},
};

}  // namespace

std::span<const http::Route> browser_session_routes() noexcept { return browser_session_table; }

}  // namespace fanion::cp::identity
