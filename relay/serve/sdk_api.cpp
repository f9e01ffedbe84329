#include "relay/serve/sdk_api.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "relay/rulesets/cursor.hpp"
#include "relay/serve/ruleset_answer.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

using Millis = ChangeNotifier::Millis;
using std::chrono::steady_clock;

constexpr Millis usual_wait{30'000};
constexpr Millis longest_wait{60'000};
constexpr Millis longest_pause{2'000};  // without a look at the key

rulesets::View view_of(const model::AccessEntry& key) {
    return key.kind == model::AccessEntry::Kind::client ? rulesets::View::client : rulesets::View::server;
}

// Whom the subscriber still is, if its key may have rules; else null members.
Caller current_reader(WorkerDeps& services, const Subscriber& subscriber) {
    const Caller caller = current_caller(services, subscriber);
    return caller.key && may_have_rules(*caller.key) ? caller : Caller{};
}

Admission key_ended() { return refused_as(Outcome::unauthorized, "the key is no longer valid"); }
Admission no_ruleset() {
    return refused_as(Outcome::not_synchronised, "this relay has no signed ruleset to pass on; try again", 1'000);
}
// "30s", "500ms".
std::optional<Millis> parse_wait(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || number > 1'000'000) return std::nullopt;
    const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit == "s") return std::min(Millis(number * 1000), longest_wait);
    if (unit == "ms") return std::min(Millis(number), longest_wait);
    return std::nullopt;
}

// Spreads what all polls are answered after a change over time, because each is followed by another one, and lets changes that
// follow each other be sent together. Returns after `limit` at the latest.
asio::awaitable<void> pause_before_news(WorkerDeps& services, const Subscriber& subscriber, Millis limit) {
    auto left = std::min(services.notifier.jitter(), limit);
    while (left.count() > 0 && !services.notifier.is_ending() && current_reader(services, subscriber).key) {
        const auto pause = std::min(left, longest_pause);
        co_await services.notifier.wait_for_shutdown(pause);
        left -= pause;
    }
}

// Waits for news, or until a comment is due at `comment_at`. True: it is due.
asio::awaitable<bool> wait_for_news(WorkerDeps& services, const Subscriber& subscriber,
                                    steady_clock::time_point comment_at) {
    const auto left = std::chrono::ceil<Millis>(comment_at - steady_clock::now());
    if (left.count() <= 0) co_return true;
    const Caller caller = current_reader(services, subscriber);
    if (!caller.key) co_return false;
    const auto wait = until_expiry(caller, services.clock.now(), left);
    std::string env_id = subscriber.env_id;
    co_await services.notifier.wait_for_news(std::move(env_id), wait);
    co_return false;
}

// What a poll is answered with: all that leads to the newest version, and the newest head. The events are shared with
// streams and other polls.
asio::awaitable<Result<std::vector<net::SharedBytes>>> collect(WorkerDeps& services, const Subscriber& subscriber,
                                                               rulesets::Cursor cursor) {
    std::vector<net::SharedBytes> events;
    for (;;) {
        const Caller caller = current_reader(services, subscriber);
        if (!caller.key) co_return Error{Errc::unauthenticated, ""};
        const auto view = view_of(*caller.key);
        auto environment = shared_environment(caller);
        const auto next = rulesets::next_for(*environment, cursor, view);
        if (next.kind == rulesets::Next::Kind::nothing) co_return events;
        advance(cursor, *environment, next);
        auto bytes = co_await event_of(services, std::move(environment), view, next);
        if (!bytes) co_return Error{Errc::unavailable, ""};
        events.push_back(std::move(bytes));
        count_event(services, next.kind);
        if (next.kind == rulesets::Next::Kind::head) co_return events;
    }
}

// Until there is a newer version than the cursor's, `wait` is over, the key is no longer valid or the relay ends.
asio::awaitable<void> wait_for_version(WorkerDeps& services, const Subscriber& subscriber, rulesets::Cursor cursor,
                                       Millis wait) {
    const auto deadline = steady_clock::now() + wait;
    while (!services.notifier.is_ending()) {
        const Caller caller = current_reader(services, subscriber);
        if (!caller.key || is_behind(*caller.environment, cursor, view_of(*caller.key))) co_return;
        const auto left = std::chrono::ceil<Millis>(deadline - steady_clock::now());
        if (left.count() <= 0) co_return;
        const auto pause = until_expiry(caller, services.clock.now(), left);
        std::string env_id = subscriber.env_id;
        co_await services.notifier.wait_for_change(std::move(env_id), pause);
        const Caller present = current_reader(services, subscriber);
        if (present.key && is_behind(*present.environment, cursor, view_of(*present.key))) {
            const auto rest = std::chrono::ceil<Millis>(deadline - steady_clock::now());
            co_await pause_before_news(services, subscriber, rest);
        }
    }
}

}  // namespace

asio::awaitable<Admission> handle_sdk_ruleset(WorkerDeps& services, net::Request& request, net::Response& response,
                                              Subscriber subscriber) {
    const Caller caller = current_reader(services, subscriber);
    auto environment = shared_environment(caller);
    if (!environment) co_return key_ended();
    const auto view = view_of(*caller.key);
    auto answering = answer_ruleset(services, request, response, std::move(environment), view);
    co_return co_await std::move(answering);
}

asio::awaitable<Admission> handle_sdk_poll(WorkerDeps& services, net::Request& request, net::Response& response,
                                           Subscriber subscriber) {
    rulesets::Cursor cursor{subscriber.held, 0};
    if (const auto text = request.query("version")) {
        cursor.held = wire::parse_version(*text);
        if (!cursor.held) co_return refused_as(Outcome::parse_error, "version must be a version, <epoch>.<number>");
    }
    auto wait = usual_wait;
    if (const auto text = request.query("wait")) {
        const auto asked = parse_wait(*text);
        if (!asked) co_return refused_as(Outcome::parse_error, "wait must be a time such as 30s or 500ms");
        wait = *asked;
    }
    co_await wait_for_version(services, subscriber, cursor, wait);
    auto events = co_await collect(services, subscriber, cursor);
    if (!events) co_return events.error().code == Errc::unavailable ? no_ruleset() : key_ended();
    if (!events->empty()) {
        response.shared_body = std::move(events->front());
        response.shared_rest.assign(events->begin() + 1, events->end());
    }
    response.content_type = "text/event-stream";
    response.set("Cache-Control", "no-store");
    co_return answered(Outcome::ok);
}

Handled handle_sdk_trust(const Call& call) { return answer_trust(call.services, call.request, call.response); }

Admission prepare_sdk_stream(const net::Request& request, Subscriber& subscriber) {
    if (const auto text = request.query("since")) {
        subscriber.held = wire::parse_version(*text);
        if (!subscriber.held) return refused_as(Outcome::parse_error, "since must be a version, <epoch>.<number>");
    }
    return answered(Outcome::ok);
}

asio::awaitable<void> run_sdk_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber) {
    const UnixMillis end = stream_end(services);
    rulesets::Cursor cursor{subscriber.held, 0};
    auto sent_at = steady_clock::now();
    while (!stream.is_closed() && !services.notifier.is_ending() && services.clock.now() < end) {
        const Caller caller = current_reader(services, subscriber);
        if (!caller.key) {
            stream.set_end(net::StreamEnd::unauthorized);
            co_return;
        }
        const auto view = view_of(*caller.key);
        auto environment = shared_environment(caller);
        const auto next = rulesets::next_for(*environment, cursor, view);
        net::SharedBytes bytes;
        if (next.kind != rulesets::Next::Kind::nothing) {
            advance(cursor, *environment, next);
            bytes = co_await event_of(services, std::move(environment), view, next);
            if (!bytes) {
                stream.set_end(net::StreamEnd::failed);
                co_return;
            }
        } else {
            environment.reset();
            const bool is_quiet =
                co_await wait_for_news(services, subscriber, sent_at + services.config.ruleset_keep_alive);
            if (!is_quiet) continue;
            bytes = std::make_shared<const std::string>(wire::format_comment("still here"));
        }
        const auto sent = co_await stream.send(std::move(bytes));
        if (!sent && sent.error().code == Errc::timed_out) services.metrics.slow_stream_cut();
        if (!sent) co_return;
        count_event(services, next.kind);
        sent_at = steady_clock::now();
    }
    if (services.notifier.is_ending() && !stream.is_closed()) co_await send_retry(services, stream);
}

}  // namespace fanion::relay::serve
