#include "control-plane/sign_on/sign_on_routes.hpp"

#include "common/base/text.hpp"
#include "control-plane/identity/sign_in_body.hpp"
#include "control-plane/sign_on/sign_on.hpp"

namespace fanion::cp::sign_on {
namespace {

constexpr std::uint64_t lowest_port = 1024;
constexpr std::uint64_t highest_port = 65535;

Error bad_parameter(std::string pointer, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), "malformed", detail}}};
}

Result<std::optional<LoopbackClient>> read_loopback_client(const http::Call& call) {
    const auto port_text = call.request.query("client_port");
    const auto challenge = call.request.query("client_challenge");
    if (!port_text && !challenge) return std::optional<LoopbackClient>();
    const auto port = parse_u64(port_text.value_or(""));
    if (!port || *port < lowest_port || *port > highest_port) {
        return bad_parameter("?client_port", "the port of a program of this machine, 1024 to 65535");
    }
    if (!challenge || !is_challenge(*challenge)) {
        return bad_parameter("?client_challenge", "the SHA-256 of a verifier, in base64url (RFC 7636)");
    }
    return std::optional(LoopbackClient{static_cast<std::uint16_t>(*port), *challenge});
}

http::Answer handle_begin_sign_on(http::Call& call) {
    SignOnRequest request;
    if (auto return_to = call.request.query("return_to")) {
        if (!is_local_path(*return_to)) co_return bad_parameter("?return_to", "a path of this site, as /flags");
        request.return_to = std::move(*return_to);
    }
    auto client = read_loopback_client(call);
    if (!client) co_return client.error();
    request.client = std::move(*client);
    co_return co_await begin_sign_on(call, std::move(request));
}

http::Answer handle_take_tokens(http::Call& call) {
    auto given = identity::read_strings(call, {"code", "code_verifier"});
    if (!given) co_return given.error();
    co_return co_await take_tokens(call, std::move((*given)[0]), std::move((*given)[1]));
}

using access::Permission;
using net::Method;

// Providers send more than they are asked for, which is ignored (RFC 6749 section 4.1.2).
constexpr http::Route sign_on_table[] = {
    {Method::get, "/api/v1/auth/sign-on/callback", Permission::open, finish_sign_on, "code state iss error ..."},
    {Method::get, "/api/v1/auth/sign-on/{organisation}/{provider}", Permission::open, handle_begin_sign_on,
     "return_to client_port client_challenge"},
    {Method::post, "/api/v1/auth/sign-on/token", Permission::open, handle_take_tokens},
};

}  // namespace

std::span<const http::Route> sign_on_routes() noexcept { return sign_on_table; }

}  // namespace fanion::cp::sign_on
