#include "control-plane/sign_on/provider_client.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/webhooks/checked_resolve.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::sign_on {
namespace {

using boost::asio::awaitable;

Error unreachable(std::string reason) {
    return {Errc::unavailable, "the identity provider cannot be asked: " + std::move(reason), {}};
}

Error refused_code(const std::string& body) {
    const auto code = error_of_answer(body);
    const auto detail = "the identity provider does not take its code" + (code.empty() ? code : ": " + code);
    return {Errc::unauthenticated, detail, {{"", "", "provider_refused", detail}}};
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
    if (!form.empty()) form += '&';
    form.append(name).append("=").append(percent_encode(value));
}

// RFC 6749 sections 2.3.1 and 4.1.3, RFC 7636 section 4.5.
net::ClientRequest exchange_request(const ProviderMetadata& metadata, const CodeExchange& exchange) {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.headers = {
        {"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}, {"Connection", "close"}};
    auto& form = request.body;
    append_field(form, "grant_type", "authorization_code");
    append_field(form, "code", exchange.code);
    append_field(form, "redirect_uri", exchange.redirect_uri);
    append_field(form, "code_verifier", exchange.verifier);
    if (!exchange.client_secret.empty() && !metadata.wants_secret_in_body) {
        const auto pair = percent_encode(exchange.client_id) + ':' + percent_encode(exchange.client_secret);
        request.headers.emplace_back("Authorization", "Basic " + to_base64(pair));
        return request;
    }
    append_field(form, "client_id", exchange.client_id);
    if (!exchange.client_secret.empty()) append_field(form, "client_secret", exchange.client_secret);
    return request;
}

// Counts a request as long as it lives.
class Counted {
public:
    explicit Counted(std::size_t& count) noexcept : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;

private:
    std::size_t& count_;
};

}  // namespace

// Forgets the one that was not used for longest.
ProviderClient::Held ProviderClient::remembered(const std::string& issuer) {
    auto& found = remembered_[issuer];
    if (!found) found = std::make_shared<Remembered>();
    found->used_at = clock_.now();
    auto kept = found;
    if (remembered_.size() > most_remembered) {
        const auto oldest =
            std::ranges::min_element(remembered_, {}, [](const auto& one) { return one.second->used_at; });
        remembered_.erase(oldest);
    }
    return kept;
}

awaitable<Result<net::ClientResponse>> ProviderClient::send(Way way, net::ClientRequest request,
                                                            std::size_t most_bytes) {
    const auto& held = way.held;
    const auto target = webhooks::parse_target(way.url);
    if (!target) co_return target.error();
    if (target->is_encrypted && !config_.tls) co_return unreachable("https is not available");
    if (requests_ >= most_requests || held->requests >= most_requests_of_one)
        co_return unreachable("too many people sign in at the moment");
    const Counted counted(requests_);
    const Counted counted_here(held->requests);
    net::ClientConfig settings;
    settings.origin = target->origin;
    settings.tls = config_.tls;
    settings.connect_timeout = settings.request_timeout = config_.timeout;
    settings.body_limit = most_bytes;
    webhooks::reach_by(settings, config_.policy, config_.lookup, config_.proxies);
    auto client = net::HttpClient::make(executor_, std::move(settings));
    if (!client) co_return client.error();
    request.target = target->target;
    request.trace = {way.place, {{"fanion.purpose", "sign_on"}}};
    co_return co_await client->send(std::move(request));
}

awaitable<Result<std::string>> ProviderClient::fetch(Way way, std::size_t most_bytes) {
    net::ClientRequest request;
    request.headers = {{"Accept", "application/json"}, {"Connection", "close"}};
    auto response = co_await send(std::move(way), std::move(request), most_bytes);
    const bool is_there = response && response->status == 200;
    (is_there ? metrics_.fetched : metrics_.fetch_failed).add();
    if (!response) co_return unreachable(response.error().detail);
    if (!is_there) co_return unreachable("it answers with status " + std::to_string(response->status));
    co_return std::move(response->body);
}

awaitable<Result<ProviderClient::Metadata>> ProviderClient::metadata(std::string issuer, telemetry::TracePlace place) {
    const auto held = remembered(issuer);
    auto& kept = held->metadata;
    const auto now = clock_.now();
    if (kept.is_fresh(now)) co_return kept.value;
    Error error = unreachable("it could not be reached a moment ago");
    if (kept.may_fetch(now)) {
        Way way{held, metadata_url(issuer), place};
        auto text = co_await fetch(std::move(way), metadata_bytes);
        auto parsed = text ? parse_metadata(*text, issuer) : Result<ProviderMetadata>(text.error());
        if (parsed) {
            kept.put(std::make_shared<const ProviderMetadata>(std::move(*parsed)), now);
            co_return kept.value;
        }
        kept.failed_at = now;
        error = {Errc::unavailable, parsed.error().detail, {}};
    }
    auto old = kept.usable(now);
    if (!old) co_return error;
    co_return old;
}

awaitable<Result<std::shared_ptr<const ProviderClient::Keys>>> ProviderClient::keys_of(Metadata metadata,
                                                                                       bool is_known_old,
                                                                                       telemetry::TracePlace place) {
    const auto held = remembered(metadata->issuer);
    auto& kept = held->keys;
    const auto now = clock_.now();
    if (kept.is_fresh(now) && !is_known_old) co_return kept.value;
    Error error = unreachable("its keys could not be fetched a moment ago");
    if (kept.may_fetch(now)) {
        Way way{held, metadata->jwks_uri, place};
        auto text = co_await fetch(std::move(way), key_set_bytes);
        auto parsed = text ? parse_key_set(*text) : Result<Keys>(text.error());
        if (parsed) {
            kept.put(std::make_shared<const Keys>(std::move(*parsed)), now);
            co_return kept.value;
        }
        kept.failed_at = now;
        error = {Errc::unavailable, parsed.error().detail, {}};
    }
    auto old = kept.usable(now);
    if (!old) co_return error;
    co_return old;
}

awaitable<Result<TokenAnswer>> ProviderClient::exchange(Metadata metadata, CodeExchange exchange,
                                                        telemetry::TracePlace place) {
    auto request = exchange_request(*metadata, exchange);
    Way way{remembered(metadata->issuer), metadata->token_endpoint, place};
    auto response = co_await send(std::move(way), std::move(request), token_answer_bytes);
    if (!response) co_return unreachable(response.error().detail);
    if (response->status == 400 || response->status == 401) co_return refused_code(response->body);
    if (response->status != 200) co_return unreachable("it answers with status " + std::to_string(response->status));
    auto answer = parse_token_answer(response->body);
    if (!answer) co_return unreachable(answer.error().detail);
    co_return std::move(*answer);
}

awaitable<Result<Person>> ProviderClient::verify(Metadata metadata, std::string id_token, ExpectedToken expected,
                                                 telemetry::TracePlace place) {
    const auto token = split_token(id_token);
    if (!token) co_return token.error();
    auto keys = co_await keys_of(metadata, false, place);
    if (keys && lacks_key(**keys, *token)) keys = co_await keys_of(metadata, true, place);
    if (!keys) co_return keys.error();
    co_return verify_token(**keys, *token, expected);
}

}  // namespace fanion::cp::sign_on
