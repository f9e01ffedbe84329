#include "control-plane/sign_on/sign_on.hpp"

#include <utility>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/identity/sessions.hpp"
#include "control-plane/projects/organisation_store.hpp"
#include "control-plane/sign_on/arrival.hpp"
#include "control-plane/sign_on/client_code.hpp"
#include "control-plane/sign_on/provider_client.hpp"
#include "control-plane/sign_on/sign_on_store.hpp"

namespace fanion::cp::sign_on {
namespace {

using boost::asio::awaitable;

constexpr std::string_view pending_seconds = "600";
constexpr std::size_t code_bytes = 4096;

struct Asked {
    access::OrgId org_id;
    StoredProvider stored;
};

// nullopt: there is none, or it is disabled.
awaitable<std::optional<Asked>> find_asked(http::Call& call) {
    auto tx = co_await call.services.pool.begin(db::Scope::none(), db::Mode::snapshot);
    auto org_id = co_await projects::org_id_of_key(tx, call.param("organisation"));
    if (!org_id) co_return std::nullopt;
    tx.enter(db::Scope::tenant(org_id->str()));
    auto stored = co_await find_provider(tx, *org_id, call.param("provider"));
    if (!stored || !stored->provider.settings.is_enabled) co_return std::nullopt;
    co_return Asked{std::move(*org_id), std::move(*stored)};
}

awaitable<std::optional<Asked>> find_pending_provider(http::Call& call, const PendingSignOn& pending) {
    auto tx = co_await call.services.pool.begin(db::Scope::tenant(pending.org_id.str()), db::Mode::snapshot);
    auto stored = co_await find_provider_by_id(tx, pending.org_id, pending.provider_id);
    if (!stored || !stored->provider.settings.is_enabled) co_return std::nullopt;
    co_return Asked{pending.org_id, std::move(*stored)};
}

net::Response redirect(std::string location) {
    auto response = net::empty_response(303);
    response.set("Location", std::move(location));
    return response;
}

// Counts and logs an outcome that is none, and keeps from whoever asks what only concerns the operator: the answer to an address
// that a provider names would tell what is in this network.
Error failed_sign_on(http::Call& call, const Asked& asked, Error error) {
    const bool is_failure = error.code == Errc::unavailable;
    auto& metrics = call.services.identity_providers.metrics();
    (is_failure ? metrics.failed : metrics.refused).add();
    call.services.log.warn("sign_on_failed", {{"org_id", asked.org_id.str()},
                                              {"provider", asked.stored.provider.key},
                                              {"request_id", call.request.request_id()},
                                              {"reason", describe(error)}});
    if (is_failure)
        error.detail = "the identity provider cannot be reached, or does not answer as it should: try again later";
    return error;
}

// What the provider's answer in the query says; the code, if all is well.
Result<std::string> read_answer(const http::Call& call, const PendingSignOn& pending) {
    const auto state = call.request.query("state").value_or("");
    if (!constant_time_equal(state, pending.state)) {
        return refused_sign_on(
            "wrong_state", "this sign-in was begun in another browser, or another one was begun since: begin again");
    }
    if (const auto error = call.request.query("error")) {
        return refused_sign_on("provider_refused", "the identity provider says: " + shortened(*error, 64));
    }
    auto code = call.request.query("code").value_or("");
    if (code.empty() || code.size() > code_bytes)
        return refused_sign_on("malformed", "the identity provider has sent no code");
    return code;
}

// RFC 9207: the code of another provider is not for this one.
Result<> check_issuer(const http::Call& call, const ProviderMetadata& metadata) {
    const auto issuer = call.request.query("iss");
    if (!issuer && !metadata.sends_issuer) return boost::system::in_place_value;
    if (issuer && *issuer == metadata.issuer) return boost::system::in_place_value;
    return refused_sign_on("wrong_issuer", "the answer is of another identity provider");
}

Result<std::string> secret_of(const http::Call& call, const Asked& asked) {
    const auto& sealed = asked.stored.sealed_secret;
    if (!sealed) return std::string();
    return call.services.sealing.open(*sealed, client_secret_place(asked.org_id, asked.stored.provider.provider_id));
}

// What the provider says of who has come with the code.
awaitable<Result<Person>> ask_provider(http::Call& call, const Asked& asked, const PendingSignOn& pending,
                                       std::string code, std::string back_to) {
    auto& client = call.services.identity_providers;
    const auto& settings = asked.stored.provider.settings;
    auto secret = secret_of(call, asked);
    if (!secret) co_return secret.error();
    auto metadata = co_await client.metadata(settings.issuer, call.outgoing());
    if (!metadata) co_return metadata.error();
    if (auto ok = check_issuer(call, **metadata); !ok) co_return ok.error();
    CodeExchange exchange{settings.client_id, std::move(*secret), std::move(code), pending.verifier,
                          std::move(back_to)};
    auto answer = co_await client.exchange(*metadata, std::move(exchange), call.outgoing());
    if (!answer) co_return answer.error();
    ExpectedToken expected{settings.issuer,      settings.client_id,    pending.nonce,
                           answer->access_token, settings.groups_claim, call.now()};
    co_return co_await client.verify(*metadata, std::move(answer->id_token), std::move(expected), call.outgoing());
}

std::string client_url(const LoopbackClient& client, const std::string& code) {
    return "http://127.0.0.1:" + std::to_string(client.port) + "/?code=" + code;
}

// The person's session, or the code for a program that starts one; committed.
awaitable<Result<net::Response>> arrive(http::Call& call, Arrival arrival, const PendingSignOn& pending,
                                        identity::BrowserSite site) {
    const auto org_id = arrival.org_id;
    const auto provider = arrival.provider;
    const auto session_id = identity::new_session_id();
    auto tx = co_await call.services.pool.begin(db::Scope::tenant(org_id.str()));
    auto user_id = co_await settle_arrival(call, tx, std::move(arrival), session_id);
    if (!user_id) co_return user_id.error();
    if (!*user_id) {
        co_await tx.commit();
        co_return not_a_member();
    }
    if (pending.client) {
        const ClientCode code{org_id, provider.provider_id, **user_id, pending.client->challenge,
                              call.now() + client_code_lifetime};
        auto text = seal_client_code(call.services.sealing, code);
        if (!text) co_return text.error();
        co_await tx.commit();
        co_return redirect(client_url(*pending.client, *text));
    }
    auto started = co_await start_limited_session(call, tx, org_id, provider, **user_id, session_id, site);
    if (!started) co_return started.error();
    co_await tx.commit();
    auto response = redirect(pending.return_to.empty() ? site.cookie_path : pending.return_to);
    for (auto& header : started->headers) {
        if (header.first == "Set-Cookie") response.headers.push_back(std::move(header));
    }
    co_return response;
}

}  // namespace

http::Answer begin_sign_on(http::Call& call, SignOnRequest request) {
    auto site = call.services.public_url.site(call.request.host());
    if (!site) co_return site.error();
    const auto asked = co_await find_asked(call);
    if (!asked) co_return http::not_found("identity provider", "{provider}");
    const auto& provider = asked->stored.provider;
    auto metadata = co_await call.services.identity_providers.metadata(provider.settings.issuer, call.outgoing());
    if (!metadata) co_return failed_sign_on(call, *asked, metadata.error());
    auto pending = new_pending(asked->org_id, provider.provider_id, call.now());
    pending.return_to = std::move(request.return_to);
    pending.client = std::move(request.client);
    auto sealed = seal_pending(call.services.sealing, pending);
    if (!sealed) co_return sealed.error();
    auto response = redirect(authorization_url(**metadata, provider.settings, pending, redirect_uri(*site)));
    response.set("Set-Cookie", identity::set_cookie_text(pending_site(*site), *sealed, pending_seconds));
    call.services.identity_providers.metrics().begun.add();
    co_return response;
}

http::Answer finish_sign_on(http::Call& call) {
    auto site = call.services.public_url.site(call.request.host());
    if (!site) co_return site.error();
    const auto cookie = identity::cookie_value(call.request.header("Cookie"), pending_site(*site));
    const auto pending = open_pending(call.services.sealing, cookie, call.now());
    if (!pending) {
        co_return refused_sign_on(
            "no_sign_on", "this browser has begun no sign-in, or it was more than ten minutes ago: begin again");
    }
    const auto asked = co_await find_pending_provider(call, *pending);
    if (!asked) co_return http::not_found("identity provider", "");
    auto code = read_answer(call, *pending);
    if (!code) co_return failed_sign_on(call, *asked, code.error());
    auto person = co_await ask_provider(call, *asked, *pending, std::move(*code), redirect_uri(*site));
    if (!person) co_return failed_sign_on(call, *asked, person.error());
    Arrival arrival{asked->org_id, asked->stored.provider, std::move(*person), sha256(pending->state),
                    pending->expires_at};
    auto arrived = co_await arrive(call, std::move(arrival), *pending, *site);
    if (!arrived) co_return failed_sign_on(call, *asked, arrived.error());
    arrived->set("Set-Cookie", identity::set_cookie_text(pending_site(*site), ""));
    call.services.identity_providers.metrics().succeeded.add();
    co_return arrived;
}

http::Answer take_tokens(http::Call& call, std::string code, std::string verifier) {
    const auto refused = refused_sign_on("wrong_code", "the code is not valid, has been used or has expired");
    const auto given = open_client_code(call.services.sealing, code, call.now());
    if (!given || challenge_of(verifier) != given->challenge) co_return refused;
    auto tx = co_await call.services.pool.begin(db::Scope::tenant(given->org_id.str()));
    const auto stored = co_await hold_provider(tx, given->org_id, given->provider_id);
    if (!stored || !stored->provider.settings.is_enabled) co_return refused;
    const auto hash = sha256(code);
    const bool is_first = co_await use_once(tx, given->org_id, hash, given->expires_at, call.now());
    if (!is_first) co_return refused;
    co_await identity::lock_user(tx, given->user_id);
    const auto user = co_await identity::find_user(tx, given->user_id);
    const auto member = co_await identity::find_member(tx, given->org_id, given->user_id);
    if (!user || user->is_disabled || !member) co_return refused;
    auto started = co_await start_limited_session(call, tx, given->org_id, stored->provider, given->user_id,
                                                  identity::new_session_id(), std::nullopt);
    if (!started) co_return started.error();
    co_await tx.commit();
    co_return std::move(*started);
}

}  // namespace fanion::cp::sign_on
