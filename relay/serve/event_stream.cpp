#include "relay/serve/event_stream.hpp"

#include <algorithm>
#include <chrono>

#include "common/base/text.hpp"
#include "relay/serve/open_stream.hpp"
#include "relay/serve/wanted_version.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

constexpr std::string_view stream_path = "/ofrep/v1/stream?token=";
constexpr std::size_t max_host_bytes = 255 + 6;

bool is_usable_host(std::string_view host) noexcept {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".:-_[]").find(c) != std::string_view::npos;
    };
    return !host.empty() && host.size() <= max_host_bytes && std::all_of(host.begin(), host.end(), allowed);
}

net::SharedBytes shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::string refetch_message(const cache::EnvironmentState& environment, bool needs_url) {
    std::string text = "id: " + environment.etag;
    text.append("\ndata: {\"type\":\"refetchEvaluation\",\"etag\":\"\\\"").append(environment.etag);
    if (needs_url) text.append(renewal_suffix);
    text.append("\\\"\",\"lastModified\":").append(std::to_string(last_modified(environment))).append("}\n\n");
    return text;
}

const Sha256& digest_for(const Caller& caller) { return caller.environment->digests.of(caller.key->kind); }

// A change of flags that the client may not see is none for it.
bool has_news(const Caller& caller, const Subscriber& subscriber) {
    if (subscriber.needs_url) return true;
    return caller.environment->etag != subscriber.announced && subscriber.digest != digest_for(caller);
}

// The announcement of what the client does not know yet, which it then does; empty if there is none.
std::string take_announcement(const Caller& caller, Subscriber& subscriber) {
    std::string text;
    if (has_news(caller, subscriber)) text = refetch_message(*caller.environment, subscriber.needs_url);
    subscriber.announced = caller.environment->etag;
    subscriber.digest = digest_for(caller);
    subscriber.needs_url = false;
    return text;
}

}  // namespace

asio::awaitable<void> run_event_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber) {
    auto& notifier = services.notifier;
    const UnixMillis end = stream_end(services);
    auto sent_at = std::chrono::steady_clock::now();
    while (!stream.is_closed() && !notifier.is_ending() && services.clock.now() < end) {
        Caller caller = current_caller(services, subscriber.env_id, subscriber.key_id);
        if (!caller.key) co_return;
        std::string text = take_announcement(caller, subscriber);
        if (!text.empty()) {
            services.metrics.refetch_sent();
        } else {
            const auto comment_at = sent_at + services.config.stream_keep_alive;
            const auto left = std::chrono::ceil<ChangeNotifier::Millis>(comment_at - std::chrono::steady_clock::now());
            if (left.count() > 0) {
                std::string env_id = subscriber.env_id;
                const auto wait = until_expiry(caller, services.clock.now(), left);
                co_await notifier.wait_for_change(std::move(env_id), wait);
                caller = current_caller(services, subscriber);
                if (!caller.key || notifier.is_ending()) break;
                if (!has_news(caller, subscriber)) continue;
                const auto delay = notifier.jitter();
                co_await notifier.wait_for_shutdown(delay);  // one announcement covers the changes during the delay
                continue;
            }
            text = ": still here\n\n";
        }
        net::SharedBytes bytes = shared(std::move(text));
        const auto sent = co_await stream.send(std::move(bytes));
        if (!sent) co_return;
        sent_at = std::chrono::steady_clock::now();
    }
    if (notifier.is_ending() && !stream.is_closed()) co_await send_retry(services, stream);
}

void append_event_stream(std::string& out, const Call& call) {
    auto& services = call.services;
    const Caller& caller = call.caller;
    const std::string_view token = services.tokens.token_for(*caller.environment, *caller.key, call.now);
    const std::string_view host = call.request.host();
    out.append("{\"type\":\"sse\",");
    if (!services.config.public_url.empty()) {
        out.append("\"url\":\"").append(services.config.public_url).append(stream_path).append(token).append("\"");
    } else if (is_usable_host(host)) {
        out.append(call.request.is_https() ? "\"url\":\"https://" : "\"url\":\"http://");
        out.append(host).append(stream_path).append(token).append("\"");
    } else {
        out.append("\"endpoint\":{\"requestUri\":\"").append(stream_path).append(token).append("\"}");
    }
    out.append(",\"inactivityDelaySec\":120}");
}

}  // namespace fanion::relay::serve
