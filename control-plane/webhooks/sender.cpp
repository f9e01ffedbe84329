#include "control-plane/webhooks/sender.hpp"

#include <algorithm>
#include <utility>

#include "common/telemetry/tracer.hpp"
#include "control-plane/webhooks/signature.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds body_patience{2'000};  // the status is known: its explanation is worth no more

Result<net::ClientRequest> make_request(const Message& message, const std::string& target, UnixMillis now) {
    const SignedMessage content{message.id.str(), now / 1000, message.body};
    auto signature = signature_header(content, message.secrets);
    if (!signature) return Error{Errc::internal, "the webhook has no usable secret", {}};
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = target;
    request.headers = {{"Content-Type", "application/json"},
                       {"Connection", "close"},
                       {"webhook-id", message.id.str()},
                       {"webhook-timestamp", std::to_string(content.timestamp)},
                       {"webhook-signature", std::move(*signature)}};
    request.body = message.body;
    return request;
}

// The beginning of the body; as much as comes in time.
awaitable<std::string> read_beginning(net::ResponseStream& stream) {
    std::string text;
    const auto deadline = steady_clock::now() + body_patience;
    while (text.size() < response_bytes) {
        const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
        if (left <= milliseconds(0)) break;
        const auto more = co_await stream.read_some(text, left);
        if (!more || !*more) break;
    }
    co_return shown_response(text);
}

std::string explanation_of(unsigned status) {
    if (status >= 300 && status < 400) return "redirects are not followed";
    return "";
}

}  // namespace

Sender::Sender(boost::asio::any_io_executor executor, SenderConfig config, const Clock& clock)
    : executor_(std::move(executor)), config_(std::move(config)), clock_(clock) {}

awaitable<Result<Sender::Response>> Sender::exchange(const Message& message, UnixMillis now) {
    auto target = parse_target(message.url);
    if (!target) co_return target.error();
    if (target->is_encrypted && !config_.tls) co_return Error{Errc::unavailable, "https is not available", {}};
    auto request = make_request(message, target->target, now);
    if (!request) co_return request.error();
    net::ClientConfig settings;
    settings.origin = target->origin;
    settings.tls = config_.tls;
    settings.connect_timeout = config_.connect_timeout;
    settings.request_timeout = config_.timeout;
    reach_by(settings, config_.policy, config_.lookup, config_.proxies);
    auto client = net::HttpClient::make(executor_, std::move(settings));
    if (!client) co_return client.error();
    request->trace = {telemetry::new_trace(config_.tracing),
                      {{"fanion.purpose", "webhook"}, {"fanion.delivery.id", message.id.str()}}};
    auto stream = co_await client->open_stream(std::move(*request));
    if (!stream) co_return stream.error();
    Response response;
    response.status = (*stream)->status();
    response.retry_after = (*stream)->header("Retry-After");
    response.body = co_await read_beginning(**stream);
    co_return response;
}

awaitable<SentMessage> Sender::send(Message message) {
    SentMessage sent;
    const auto begin = steady_clock::now();
    sent.attempt.started_at = sent.result.started_at = clock_.now();
    auto response = co_await exchange(message, sent.attempt.started_at);
    sent.attempt.took_ms = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin).count();
    if (!response) {
        sent.attempt.error = response.error().detail;
        sent.is_address_refused = response.error().code == Errc::forbidden;
        co_return sent;
    }
    sent.attempt.status = sent.result.status = response->status;
    sent.attempt.error = explanation_of(response->status);
    sent.attempt.response = std::move(response->body);
    if (!sent.result.is_success()) sent.result.retry_after = parse_retry_after(response->retry_after);
    co_return sent;
}

}  // namespace fanion::cp::webhooks
