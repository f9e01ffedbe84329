// The stream for relays below: no queue, but a cursor for each environment (rulesets/cursor.hpp).

#include <algorithm>
#include <chrono>
#include <map>

#include "common/wire/have.hpp"
#include "relay/serve/relay_api.hpp"
#include "relay/serve/relay_grants.hpp"
#include "relay/serve/ruleset_answer.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

using Millis = ChangeNotifier::Millis;
using std::chrono::steady_clock;
using Cursors = std::map<std::string, rulesets::Cursor, std::less<>>;

struct Event {
    cache::EnvironmentStatePtr environment;  // null: there is no news
    rulesets::Next next;
};

// Which environment comes next: by turns, so that one that changes often does not hold up the others.
Event next_event(WorkerDeps& services, const Subscriber& subscriber, Cursors& cursors, std::string& last) {
    const auto all = granted(services, subscriber);
    const auto is_before = [&last](const Granted& grant) { return (*grant.environment)->env_id <= last; };
    const auto start = static_cast<std::size_t>(std::partition_point(all.begin(), all.end(), is_before) - all.begin());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& environment = *all[(start + i) % all.size()].environment;
        auto& cursor = cursors[environment->env_id];
        auto next = rulesets::next_for(*environment, cursor, rulesets::View::relay);
        if (next.kind == rulesets::Next::Kind::nothing) continue;
        advance(cursor, *environment, next);
        last = environment->env_id;
        return {environment, std::move(next)};
    }
    return {};
}

// The revocation of one environment that the relay below holds and this one does not any more; null: of none. Then it
// holds it no longer.
net::SharedBytes next_revocation(WorkerDeps& services, Cursors& cursors) {
    const auto* revocations = services.revocations.get();
    const auto* state = services.serving.get();
    if (!revocations) return nullptr;
    for (auto at = cursors.begin(); at != cursors.end(); ++at) {
        const auto revoked = revocations->find(at->first);
        if (!at->second.held || revoked == revocations->end()) continue;
        if (state && state->find_environment(at->first)) continue;  // it has come back
        cursors.erase(at);
        return revoked->second->event;
    }
    return nullptr;
}

Cursors cursors_of(const Subscriber& subscriber) {
    Cursors cursors;
    const auto have = wire::parse_have(subscriber.have);
    if (!have) return cursors;  // it gets everything
    for (const auto& [env_id, version] : *have) cursors[env_id] = {version, 0};
    return cursors;
}

asio::awaitable<Result<>> send_counted(WorkerDeps& services, net::SseStream& stream, net::SharedBytes bytes) {
    const auto sent = co_await stream.send(std::move(bytes));
    if (!sent && sent.error().code == Errc::timed_out) services.metrics.slow_stream_cut();
    co_return sent;
}

asio::awaitable<void> wait_for_any_news(WorkerDeps& services, const Subscriber& subscriber,
                                        steady_clock::time_point comment_at) {
    const auto left = std::chrono::ceil<Millis>(comment_at - steady_clock::now());
    const auto wait = std::max(until_first_expiry(services, subscriber, left), Millis(1));
    co_await services.notifier.wait_for_any_news(wait);
}

}  // namespace

asio::awaitable<Admission> handle_relay_heads(WorkerDeps& services, net::Request& request, net::Response& response,
                                              Subscriber subscriber) {
    if (!wire::parse_have(request.header(wire::have_header)))
        co_return refused_as(Outcome::parse_error, "Fanion-Have is not of the form env_id=epoch.version, ..");
    // Who asks takes the list for everything that its key grants.
    const auto* state = services.serving.get();
    if (!state || !state->is_synchronised())
        co_return refused_as(Outcome::not_synchronised, "this relay has not received everything that it is granted",
                             1'000);
    auto cursors = cursors_of(subscriber);
    while (const auto revoked = next_revocation(services, cursors)) response.body += *revoked;
    for (const auto& grant : granted(services, subscriber)) {
        if (const auto head = (*grant.environment)->signals->head()) response.body += *head->event;
    }
    response.content_type = "text/event-stream";
    response.set("Cache-Control", "no-store");
    co_return answered(Outcome::ok);
}

asio::awaitable<void> run_relay_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber) {
    const UnixMillis end = stream_end(services);
    auto cursors = cursors_of(subscriber);
    std::string last;
    auto sent_at = steady_clock::now();
    while (!stream.is_closed() && !services.notifier.is_ending() && services.clock.now() < end) {
        auto bytes = next_revocation(services, cursors);
        if (bytes) {
            services.metrics.ruleset_event_sent(wire::StreamEvent::revoked);
        } else if (granted(services, subscriber).empty()) {
            co_return;
        } else if (auto event = next_event(services, subscriber, cursors, last); event.environment) {
            count_event(services, event.next.kind);
            bytes = co_await event_of(services, std::move(event.environment), rulesets::View::relay, event.next);
            if (!bytes) co_return;
        } else if (const auto comment_at = sent_at + services.config.ruleset_keep_alive;
                   steady_clock::now() < comment_at) {
            co_await wait_for_any_news(services, subscriber, comment_at);
            continue;
        } else {
            bytes = std::make_shared<const std::string>(wire::format_comment("quiet"));
        }
        const auto sent = co_await send_counted(services, stream, std::move(bytes));
        if (!sent) co_return;
        sent_at = steady_clock::now();
    }
    if (services.notifier.is_ending() && !stream.is_closed()) co_await send_retry(services, stream);
}

}  // namespace fanion::relay::serve
