#include "control-plane/relays/relay_routes.hpp"

#include <optional>
#include <utility>

#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "control-plane/db/error.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/relays/negotiation.hpp"
#include "control-plane/relays/relay_status_store.hpp"

namespace fanion::cp::relays {

using boost::asio::awaitable;

namespace {

constexpr std::size_t smallest_packed = 1024;  // below, compression costs more than it saves
constexpr std::uint64_t year_in_seconds = 366ull * 24 * 3600;

Error unavailable() { return {Errc::unavailable, "the database is away"}; }

}  // namespace

void add_routes(net::Router& router, RelayApi& api) {
    router.stream(net::Method::get, "/relay/v1/stream",
                  [&api](net::Request& request, net::SseStream& stream) { return api.handle_stream(request, stream); });
    router.async(net::Method::get, "/relay/v1/heads",
                 [&api](net::Request& request) { return api.handle_heads(request); });
    router.async(net::Method::get, "/relay/v1/rulesets/{env_id}",
                 [&api](net::Request& request) { return api.handle_ruleset(request); });
    router.async(net::Method::get, "/relay/v1/trust",
                 [&api](net::Request& request) { return api.handle_trust(request); });
    router.async(net::Method::post, "/relay/v1/status",
                 [&api](net::Request& request) { return api.handle_status(request); });
}

net::Response RelayApi::refusal(const Error& error, net::Request& request) {
    auto response = net::problem(error, request.request_id());
    if (error.code == Errc::unauthenticated) response.set("WWW-Authenticate", "Bearer");
    if (error.code == Errc::unavailable) response.set("Retry-After", "2");
    return response;
}

awaitable<Result<keys::RelayIdentity>> RelayApi::authenticate(net::Request& request) {
    auto identity = co_await s_.keys.authenticate(request.credential(), s_.clock.now());
    if (!identity && identity.error().code != Errc::unavailable) s_.metrics.refused.add();
    if (identity && !s_.feed.is_primed()) co_return Error{Errc::unavailable, "the rulesets were not read yet"};
    co_return identity;
}

awaitable<net::Response> RelayApi::handle_stream(net::Request& request, net::SseStream& stream) {
    auto holder = co_await read_relay_request(request);
    if (!holder) co_return refusal(holder.error(), request);
    co_return co_await s_.stream.handle(request, stream, std::move(*holder));
}

awaitable<net::Response> RelayApi::handle_heads(net::Request& request) {
    auto holder = co_await read_relay_request(request);
    if (!holder) co_return refusal(holder.error(), request);
    net::Response response;
    response.content_type = "text/event-stream";
    response.body = s_.hub.heads(holder->identity, holder->have, holder->deleted);
    response.set("Cache-Control", "no-store");
    co_return response;
}

awaitable<Result<RelayRequest>> RelayApi::read_relay_request(net::Request& request) {
    auto identity = co_await authenticate(request);
    if (!identity) co_return identity.error();
    auto have = wire::parse_have(request.header(wire::have_header));
    if (!have) co_return have.error();
    auto gone = co_await find_deleted(identity->org_id, *have);
    co_return RelayRequest{std::move(*identity), std::move(*have), std::move(gone)};
}

// Nothing while the database is away: whoever holds them asks again.
awaitable<std::vector<wire::Manifest>> RelayApi::find_deleted(access::OrgId org_id, wire::Have have) {
    std::vector<wire::Manifest> gone;
    std::erase_if(have,
                  [&](const auto& held) { return s_.catalog.find(access::EnvironmentId(held.first)) != nullptr; });
    if (have.empty()) co_return gone;
    std::vector<access::EnvironmentId> env_ids;
    for (const auto& [env_id, version] : have) env_ids.emplace_back(env_id);
    try {
        auto tx = co_await s_.pool.begin(db::Scope::tenant(org_id.str()), db::Mode::snapshot);
        const auto found = co_await publish::read_removed(tx, std::move(env_ids));
        for (const auto& text : found) {
            if (auto manifest = wire::parse_manifest(text)) gone.push_back(std::move(*manifest));
        }
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
    }
    co_return gone;
}

awaitable<net::Response> RelayApi::handle_ruleset(net::Request& request) {
    const auto identity = co_await authenticate(request);
    if (!identity) co_return refusal(identity.error(), request);
    access::EnvironmentId env_id(std::string(request.param("env_id")));
    if (!identity->grants(env_id) || !s_.catalog.find(env_id))
        co_return refusal({Errc::not_found, "there is no such ruleset"}, request);
    co_return co_await ruleset(request, std::move(env_id));
}

awaitable<net::Response> RelayApi::ruleset(net::Request& request, access::EnvironmentId env_id) {
    const auto present = etag_of(s_.catalog.find(env_id)->version());
    if (net::has_current(request, present)) {
        auto unchanged = net::empty_response(304);
        unchanged.set("ETag", present);
        co_return unchanged;
    }
    std::optional<wire::Version> since;
    if (const auto text = request.query("since")) {
        since = wire::parse_version(*text);
        if (!since) co_return refusal({Errc::invalid_input, "since must be <epoch>.<version>"}, request);
    }
    std::string name;
    const auto document = co_await find_document(env_id, since, name);
    if (!document) co_return refusal(document.error(), request);
    const auto wanted = choose_encoding(request.header("Accept-Encoding"));
    const auto encoding = document->bytes->size() < smallest_packed ? Encoding::identity : wanted;
    net::Response response;
    response.content_type = wire::ruleset_media_type;
    response.shared_body = co_await s_.source.encoded(*document, name, encoding);
    response.set("ETag", etag_of(document->version));
    response.set("Vary", "Accept-Encoding");
    if (encoding != Encoding::identity) response.set("Content-Encoding", std::string(fanion::name_of(encoding)));
    co_return response;
}

awaitable<Result<publish::Document>> RelayApi::find_document(access::EnvironmentId env_id,
                                                             std::optional<wire::Version> since, std::string& name) {
    try {
        publish::Document document;
        if (since) document = co_await s_.source.delta(env_id, *since);
        name = document ? env_id.str() + "|" + wire::to_string(*since) : env_id.str() + "|full";
        if (!document) document = co_await s_.source.full(env_id);
        if (!document) co_return Error{Errc::not_found, "there is no such ruleset"};
        co_return document;
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return unavailable();
    }
}

awaitable<net::Response> RelayApi::handle_trust(net::Request& request) {
    const auto identity = co_await authenticate(request);
    if (!identity) co_return refusal(identity.error(), request);
    const auto from = parse_u64(request.query("from").value_or("0"));
    if (!from) co_return refusal({Errc::invalid_input, "from must be a version"}, request);
    net::Response response;
    response.content_type = wire::trust_payload_type;
    response.body = s_.trust.after(*from);
    co_return response;
}

awaitable<net::Response> RelayApi::handle_status(net::Request& request) {
    const auto identity = co_await authenticate(request);
    if (!identity) co_return refusal(identity.error(), request);
    auto status = wire::parse_relay_status(request.body);
    if (!status) co_return refusal(status.error(), request);
    // The next epoch must lie beyond every one that is reported here (publish::next_epoch): nobody may drive it out of reach.
    const auto latest = static_cast<std::uint64_t>(s_.clock.now() / 1000) + year_in_seconds;
    for (const auto& env : status->environments)
        if (env.version.epoch > latest)
            co_return refusal({Errc::unprocessable, "an epoch lies in the future"}, request);
    std::erase_if(status->environments,
                  [&](const auto& env) { return !identity->grants(access::EnvironmentId(env.env_id)); });
    try {
        auto scope = db::Scope::tenant(identity->org_id.str());
        auto tx = co_await s_.pool.begin(std::move(scope));
        co_await keys::record_key_uses(tx, std::move(status->keys), identity->env_ids, s_.clock.now());
        co_await write_relay_status(tx, identity->org_id, std::move(*status));
        co_await tx.commit();
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return refusal(unavailable(), request);
    }
    s_.metrics.statuses.add();
    co_return net::empty_response(204);
}

}  // namespace fanion::cp::relays
