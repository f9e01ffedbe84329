#include "control-plane/identity/sign_in_routes.hpp"

#include "control-plane/identity/sessions.hpp"
#include "control-plane/identity/sign_in.hpp"
#include "control-plane/identity/sign_in_body.hpp"

namespace fanion::cp::identity {
namespace {

http::Answer handle_login(http::Call& call) {
    auto given = read_sign_in(call);
    if (!given) co_return given.error();
    co_return co_await sign_in(call, std::move(*given), std::nullopt);
}

http::Answer handle_refresh(http::Call& call) {
    auto given = read_strings(call, {"refresh_token"});
    if (!given) co_return given.error();
    co_return co_await continue_session(call, std::move((*given)[0]));
}

http::Answer handle_logout(http::Call& call) {
    co_await end_session(call);
    co_return net::empty_response(204);
}

using access::Permission;
using net::Method;

constexpr http::Route sign_in_table[] = {
    {Method::post, "/api/v1/auth/login", Permission::open, handle_login},
    {Method::post, "/api/v1/auth/refresh", Permission::open, handle_refresh},
    {Method::post, "/api/v1/auth/logout", Permission::signed_in, handle_logout, "", http::PatchForms::merge,
     http::Caller::session, nullptr, http::Account::not_needed},
};

}  // namespace

std::span<const http::Route> sign_in_routes() noexcept { return sign_in_table; }

}  // namespace fanion::cp::identity
