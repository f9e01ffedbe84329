#include "relay/serve/event_stream.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/wanted_version.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

constexpr std::string_view stream_path = "/ofrep/v1/stream?token=";
constexpr std::size_t longest_host = 255 + 6;

bool is_usable_host(std::string_view host) noexcept {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(".:-_[]").find(c) != std::string_view::npos;
    };
    return !host.empty() && host.size() <= longest_host && std::all_of(host.begin(), host.end(), allowed);
}

net::SharedBytes portion(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::string refetch_message(const cache::EnvironmentState& environment) {
    std::string text = "id: " + environment.etag;
    text.append("\ndata: {\"type\":\"refetchEvaluation\",\"etag\":\"\\\"").append(environment.etag);
    text.append("\\\"\",\"lastModified\":").append(std::to_string(last_modified(environment))).append("}\n\n");
    return text;
}

std::string token_of(const net::Request& request) {
    const auto parameters = request.query_parameters();
    if (!parameters) return "";
    for (const auto& [name, value] : *parameters) {
        if (name == "token") return value;
    }
    return "";
}

// Whose stream it is, beyond one look at the serving state.
struct Subscriber {
    std::string env_id;
    std::string key_id;
    std::string told;  // version
};

// The environment, if the relay still holds it and the key is still valid for it; else null.
const cache::EnvironmentState* present_environment(WorkerDeps& services, const Subscriber& subscriber) {
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

// What is to be said now; empty: nothing but a sign of life.
std::string pending_message(const cache::EnvironmentState& environment, Subscriber& subscriber) {
    if (environment.etag == subscriber.told) return "";
    subscriber.told = environment.etag;
    return refetch_message(environment);
}

asio::awaitable<void> send_goodbye(WorkerDeps& services, net::SseStream& stream) {
    const auto spread = services.notifier.ending_spread();
    const auto pause = services.notifier.random_below(spread);
    co_await services.notifier.wait_for_shutdown(pause);
    const auto retry = 500 + services.notifier.random_below(std::chrono::milliseconds(4'500)).count();
    net::SharedBytes bytes = portion("retry: " + std::to_string(retry) + "\n\n");
    co_await stream.send(std::move(bytes));
}

asio::awaitable<void> run_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber) {
    auto& notifier = services.notifier;
    const auto life = services.config.stream_lifetime;
    const UnixMillis end = services.clock.now() + (life * 4 / 5 + notifier.random_below(life * 2 / 5)).count();
    while (!stream.is_closed() && !notifier.is_ending() && services.clock.now() < end) {
        const auto* environment = present_environment(services, subscriber);
        if (!environment) co_return;
        std::string text = pending_message(*environment, subscriber);
        if (text.empty()) {
            std::string env_id = subscriber.env_id;
            const auto pause = services.config.stream_keep_alive;
            co_await notifier.wait_for_change(std::move(env_id), pause);
            environment = present_environment(services, subscriber);
            if (!environment || notifier.is_ending()) break;
            if (environment->etag != subscriber.told) {
                const auto turn = notifier.jitter();
                co_await notifier.wait_for_shutdown(
                    turn);  // further changes meanwhile are announced by the same message
                continue;
            }
            text = ": still here\n\n";
        } else {
            services.metrics.refetch_sent();
        }
        net::SharedBytes bytes = portion(std::move(text));
        const auto sent = co_await stream.send(std::move(bytes));
        if (!sent) co_return;
    }
    if (notifier.is_ending() && !stream.is_closed()) co_await send_goodbye(services, stream);
}

// Counts an open stream while it lives.
struct OpenStream {
    WorkerDeps& services;
    ChangeNotifier::StreamSlot place;
    OpenStream(WorkerDeps& s, std::string key_id) : services(s), place(s.notifier, std::move(key_id)) {
        services.metrics.stream_opened();
    }
    ~OpenStream() { services.metrics.stream_closed(); }
};

}  // namespace

void append_event_stream(std::string& out, WorkerDeps& services, const net::Request& request, const Caller& caller,
                         UnixMillis now) {
    const std::string_view token = services.tokens.token_for(*caller.environment, *caller.key, now);
    const std::string_view host = request.header("Host");
    out.append("{\"type\":\"sse\",");
    if (!services.config.public_url.empty()) {
        out.append("\"url\":\"").append(services.config.public_url).append(stream_path).append(token).append("\"");
    } else if (is_usable_host(host)) {
        out.append(request.header("X-Forwarded-Proto") == "https" ? "\"url\":\"https://" : "\"url\":\"http://");
        out.append(host).append(stream_path).append(token).append("\"");
    } else {
        out.append("\"endpoint\":{\"requestUri\":\"").append(stream_path).append(token).append("\"}");
    }
    out.append(",\"inactivityDelaySec\":120}");
}

asio::awaitable<net::Response> handle_event_stream(WorkerDeps& services, net::Request& request,
                                                   net::SseStream& stream) {
    const std::string token = token_of(request);
    Admission admission = admit_token(services, token, services.clock.now());
    if (admission && !services.notifier.has_room(admission.caller.key->id)) {
        admission.outcome = Outcome::rate_limited;
        admission.retry_after = services.config.stream_keep_alive.count();
    }
    net::Response response;
    if (!admission) {
        refuse_ofrep(services, request, response, ServeRoute::ofrep_stream, admission, std::nullopt);
        co_return response;
    }
    services.metrics.count(ServeRoute::ofrep_stream, Outcome::ok);
    const Caller& caller = admission.caller;
    Subscriber subscriber{caller.environment->env_id, caller.key->id, std::string(request.header("Last-Event-ID"))};
    const OpenStream open(services, caller.key->id);
    const std::string headers = cors_lines(request.header("Origin"), caller);
    const auto started = co_await stream.start(headers);
    if (started) co_await run_stream(services, stream, std::move(subscriber));
    co_return response;
}

}  // namespace fanion::relay::serve
