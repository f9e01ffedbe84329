#include "relay/serve/event_stream.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/serve/admission.hpp"
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

std::string refetch_message(const cache::EnvironmentState& environment) {
    std::string text = "id: " + environment.etag;
    text.append("\ndata: {\"type\":\"refetchEvaluation\",\"etag\":\"\\\"").append(environment.etag);
    text.append("\\\"\",\"lastModified\":").append(std::to_string(last_modified(environment))).append("}\n\n");
    return text;
}

// The environment, if the relay still holds it and the key is still valid for it; else null.
const cache::EnvironmentState* current_environment(WorkerDeps& services, const Subscriber& subscriber) {
    const cache::ServingState* state = services.serving.get();
    const auto* environment = state ? state->find_environment(subscriber.env_id) : nullptr;
    if (!environment) return nullptr;
    const auto& keys = environment->ruleset->access();
    const UnixMillis now = services.clock.now();
    const bool granted = std::any_of(keys.begin(), keys.end(), [&](const model::AccessEntry& key) {
        return key.id == subscriber.key_id && is_valid_at(key, now);
    });
    return granted ? environment : nullptr;
}

// The announcement of a version that the client does not know yet, which it then does; empty if there is none.
std::string take_announcement(const cache::EnvironmentState& environment, Subscriber& subscriber) {
    if (environment.etag == subscriber.announced) return "";
    subscriber.announced = environment.etag;
    return refetch_message(environment);
}

// Spreads the reconnections of all clients: each stream ends at a random time, with a random delay before the client returns.
asio::awaitable<void> send_retry(WorkerDeps& services, net::SseStream& stream) {
    const auto spread = services.notifier.ending_spread();
    const auto delay = services.notifier.random_below(spread);
    co_await services.notifier.wait_for_shutdown(delay);
    const auto retry = 500 + services.notifier.random_below(std::chrono::milliseconds(4'500)).count();
    net::SharedBytes bytes = shared("retry: " + std::to_string(retry) + "\n\n");
    co_await stream.send(std::move(bytes));
}

}  // namespace

asio::awaitable<void> run_event_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber) {
    auto& notifier = services.notifier;
    const auto lifetime = services.config.stream_lifetime;
    const UnixMillis end = services.clock.now() + (lifetime * 4 / 5 + notifier.random_below(lifetime * 2 / 5)).count();
    while (!stream.is_closed() && !notifier.is_ending() && services.clock.now() < end) {
        const auto* environment = current_environment(services, subscriber);
        if (!environment) co_return;
        std::string text = take_announcement(*environment, subscriber);
        if (text.empty()) {
            std::string env_id = subscriber.env_id;
            const auto keep_alive = services.config.stream_keep_alive;
            co_await notifier.wait_for_change(std::move(env_id), keep_alive);
            environment = current_environment(services, subscriber);
            if (!environment || notifier.is_ending()) break;
            if (environment->etag != subscriber.announced) {
                const auto delay = notifier.jitter();
                co_await notifier.wait_for_shutdown(delay);  // one announcement covers the changes during the delay
                continue;
            }
            text = ": still here\n\n";
        } else {
            services.metrics.refetch_sent();
        }
        net::SharedBytes bytes = shared(std::move(text));
        const auto sent = co_await stream.send(std::move(bytes));
        if (!sent) co_return;
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
