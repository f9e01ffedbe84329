#include "control-plane/relays/relay_routes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "common/net/content_coding.hpp"
#include "common/net/media_type.hpp"
#include "common/wire/labels.hpp"
#include "control-plane/attributes/attribute_store.hpp"
#include "control-plane/db/error.hpp"
#include "control-plane/http/problem.hpp"
#include "control-plane/keys/key_store.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/relays/negotiation.hpp"
#include "control-plane/relays/relay_status_store.hpp"

namespace fanion::cp::relays {

using boost::asio::awaitable;

namespace {

constexpr std::size_t smallest_compressed = 1024;  // bytes; below, compression costs more than it saves
constexpr std::uint64_t year_in_seconds = 366ull * 24 * 3600;
constexpr std::uint64_t most_age = year_in_seconds * 1000;  // of a report of a relay below; relays pass on none so old

Error unavailable() { return {Errc::unavailable, "the database is unavailable; try again"}; }

Error no_ruleset() {
    const char* const detail = "there is no ruleset of this environment";
    return {Errc::not_found, detail, {{"", "{env_id}", "not_found", detail}}};
}

Error bad_since() {
    const char* const detail = "since must be a version, <epoch>.<number>";
    return {Errc::invalid_input, detail, {{"", "?since", "malformed", detail}}};
}

}  // namespace

void add_routes(net::Router& router, RelayApi api) {
    router.stream(net::Method::get, "/relay/v1/stream",
                  [&stream = api.stream](net::Request& request, net::SseStream& sse) {
                      return stream.handle_stream(request, sse);
                  });
    router.async(net::Method::get, "/relay/v1/heads",
                 [&stream = api.stream](net::Request& request) { return stream.handle_heads(request); });
    router.async(net::Method::get, "/relay/v1/rulesets/{env_id}",
                 [&documents = api.documents](net::Request& request) { return documents.handle_ruleset(request); });
    router.async(net::Method::get, "/relay/v1/trust",
                 [&documents = api.documents](net::Request& request) { return documents.handle_trust(request); });
    router.async(net::Method::post, "/relay/v1/status",
                 [&status = api.status](net::Request& request) { return status.handle_status(request); });
}

awaitable<net::Response> StreamApi::handle_stream(net::Request& request, net::SseStream& stream) {
    auto relay = co_await read_relay_request(request);
    if (!relay) co_return http::problem(relay.error(), request);
    co_return co_await deps_.stream.handle(request, stream, std::move(*relay));
}

awaitable<net::Response> StreamApi::handle_heads(net::Request& request) {
    auto relay = co_await read_relay_request(request);
    if (!relay) co_return http::problem(relay.error(), request);
    const auto& env_ids = relay->identity.env_ids;
    std::set<access::EnvironmentId> wanted(env_ids.begin(), env_ids.end());
    co_await deps_.hub.prepare_heads(std::move(wanted));
    net::Response response;
    response.content_type = "text/event-stream";
    response.body = deps_.hub.heads(*relay);
    response.set("Cache-Control", "no-store");
    co_return response;
}

awaitable<Result<RelayRequest>> StreamApi::read_relay_request(net::Request& request) {
    auto identity = co_await deps_.authenticator.authenticate(request);
    if (!identity) co_return identity.error();
    auto labels = wire::parse_labels(request.header(wire::labels_header));
    if (!labels) co_return labels.error();
    auto have = wire::parse_have(request.header(wire::have_header));
    if (!have) co_return have.error();
    auto deleted = co_await find_deleted(identity->org_id, *have);
    co_return RelayRequest{std::move(*identity), std::move(*labels), std::move(*have), std::move(deleted)};
}

// Empty while the database is unavailable: relays ask again.
awaitable<std::vector<wire::Manifest>> StreamApi::find_deleted(access::OrgId org_id, wire::Have have) {
    std::vector<wire::Manifest> deleted;
    std::erase_if(have,
                  [&](const auto& held) { return deps_.catalog.find(access::EnvironmentId(held.first)) != nullptr; });
    if (have.empty()) co_return deleted;
    std::vector<access::EnvironmentId> env_ids;
    for (const auto& [env_id, version] : have) env_ids.emplace_back(env_id);
    try {
        auto tx = co_await deps_.pool.begin(db::Scope::tenant(org_id.str()), db::Mode::snapshot);
        const auto found = co_await publish::read_removed(tx, std::move(env_ids));
        for (const auto& text : found) {
            if (auto manifest = wire::parse_manifest(text)) deleted.push_back(std::move(*manifest));
        }
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
    }
    co_return deleted;
}

awaitable<net::Response> DocumentApi::handle_ruleset(net::Request& request) {
    const auto identity = co_await deps_.authenticator.authenticate(request);
    if (!identity) co_return http::problem(identity.error(), request);
    const auto labels = wire::parse_labels(request.header(wire::labels_header));
    if (!labels) co_return http::problem(labels.error(), request);
    const access::EnvironmentId env_id(std::string(request.param("env_id")));
    if (!identity->grants(env_id) || !deps_.catalog.find(env_id)) co_return http::problem(no_ruleset(), request);
    std::optional<wire::Version> since;
    if (const auto text = request.query("since")) {
        since = wire::parse_version(*text);
        if (!since) co_return http::problem(bad_since(), request);
    }
    auto shown = deps_.catalog.find_for(env_id, {*labels, since});
    co_return co_await ruleset_response(request, std::move(shown), since);
}

awaitable<net::Response> DocumentApi::ruleset_response(net::Request& request, publish::PublishedPtr shown,
                                                       std::optional<wire::Version> since) {
    const auto present = etag_of(shown->version());
    if (net::has_current(request, present)) {
        auto unchanged = net::empty_response(304);
        unchanged.set("ETag", present);
        co_return unchanged;
    }
    const auto document = co_await find_document(std::move(shown), since);
    if (!document) co_return http::problem(document.error(), request);
    const auto wanted = net::choose_encoding(request.header("Accept-Encoding"));
    const auto encoding = document->bytes->size() < smallest_compressed ? Encoding::identity : wanted;
    net::Response response;
    response.content_type = wire::ruleset_media_type;
    response.shared_body = co_await deps_.source.encoded(*document, encoding);
    response.set("ETag", etag_of(document->version));
    response.set("Vary", "Accept-Encoding");
    if (encoding != Encoding::identity) response.set("Content-Encoding", std::string(fanion::name_of(encoding)));
    co_return response;
}

awaitable<Result<publish::SignedDocument>> DocumentApi::find_document(publish::PublishedPtr shown,
                                                                      std::optional<wire::Version> since) {
    try {
        publish::SignedDocument document;
        if (since) document = co_await deps_.source.delta(shown, *since);
        if (!document) document = co_await deps_.source.full(shown);
        if (!document) co_return no_ruleset();
        co_return document;
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return unavailable();
    }
}

awaitable<net::Response> DocumentApi::handle_trust(net::Request& request) {
    const auto identity = co_await deps_.authenticator.authenticate(request);
    if (!identity) co_return http::problem(identity.error(), request);
    const auto from = parse_u64(request.query("from").value_or("0"));
    if (!from)
        co_return http::problem({Errc::invalid_input, "from must be the version of a trust document: a whole number"},
                                request);
    net::Response response;
    response.content_type = wire::trust_payload_type;
    response.body = deps_.trust.after(*from);
    co_return response;
}

awaitable<net::Response> StatusApi::handle_status(net::Request& request) {
    const auto identity = co_await deps_.authenticator.authenticate(request);
    if (!identity) co_return http::problem(identity.error(), request);
    if (!net::is_identity(request.header("Content-Encoding")))
        co_return http::problem(
            {Errc::unsupported_media_type, "the body must be sent as it is, without a Content-Encoding"}, request);
    auto status = wire::parse_relay_status(request.body);
    if (!status) co_return http::problem(status.error(), request);
    // The next epoch must lie beyond every reported one (publish::next_epoch), so a relay must not drive it out of
    // reach. One below does not silence those that report through the same relay.
    const auto latest = static_cast<std::uint64_t>(deps_.clock.now() / 1000) + year_in_seconds;
    const auto is_later = [latest](const auto& env) { return env.version.epoch > latest; };
    for (auto& relay : status->below) std::erase_if(relay.environments, is_later);
    if (std::ranges::any_of(status->environments, is_later))
        co_return http::problem(
            {Errc::unprocessable,
             "the reported epoch lies in the future; check the clocks of the relay and of this control plane"},
            request);
    std::erase_if(status->below, [](const auto& relay) { return relay.age > most_age; });
    const auto is_foreign = [&](const auto& part) { return !identity->grants(access::EnvironmentId(part.env_id)); };
    std::erase_if(status->environments, is_foreign);
    std::erase_if(status->attributes, is_foreign);
    for (auto& relay : status->below) std::erase_if(relay.environments, is_foreign);
    auto reported = std::move(status->below);
    reported.push_back({{},
                        status->relay,
                        status->boot,
                        status->build,
                        status->trust,
                        0,
                        std::move(status->environments),
                        std::move(status->labels),
                        std::move(status->events)});
    // Rows are locked in the same order by all that report.
    std::ranges::sort(reported, {}, &wire::RelayBelow::relay);
    try {
        auto scope = db::Scope::tenant(identity->org_id.str());
        auto tx = co_await deps_.pool.begin(std::move(scope));
        co_await keys::record_key_uses(tx, std::move(status->keys), identity->env_ids, deps_.clock.now());
        co_await attributes::record_attributes(tx, identity->org_id, std::move(status->attributes), deps_.clock.now());
        for (const auto& relay : reported) write_relay_ledger(tx, identity->org_id, relay);
        for (auto& relay : reported) co_await write_relay_status(tx, identity->org_id, std::move(relay));
        co_await tx.commit();
    } catch (const db::PgError& error) {
        if (!error.is_unavailable()) throw;
        co_return http::problem(unavailable(), request);
    }
    deps_.metrics.statuses.add();
    co_return net::empty_response(204);
}

}  // namespace fanion::cp::relays
