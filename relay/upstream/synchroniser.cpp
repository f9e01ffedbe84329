#include "relay/upstream/synchroniser.hpp"

namespace fanion::relay::upstream {

boost::asio::awaitable<void> Synchroniser::on_connected() {
    subscription_.on_connected();
    co_await services_.trust.refresh();
}

boost::asio::awaitable<void> Synchroniser::on_event(wire::SseEvent event) {
    services_.metrics.events.add();
    auto action = subscription_.on_event(event.event, event.id);
    if (action.kind != Action::Kind::deliver) co_return;
    auto delivering = sink_(action.env_id, action.document, std::move(event.data));
    const wire::Verdict verdict = co_await std::move(delivering);
    auto next = subscription_.on_verdict(action.env_id, verdict, services_.clock.now());
    co_await carry_out(std::move(next));
}

// Terminates: the subscription limits how often it fetches and refreshes trust.
boost::asio::awaitable<void> Synchroniser::carry_out(Action action) {
    while (action.kind != Action::Kind::none) {
        if (action.kind == Action::Kind::refresh_trust) {
            const bool advanced = co_await services_.trust.refresh();
            action = subscription_.on_trust(action.env_id, advanced, services_.clock.now());
        } else {
            action = co_await fetch(action.env_id);
        }
    }
}

boost::asio::awaitable<Action> Synchroniser::fetch(std::string env_id) {
    auto fetched = co_await get_ruleset(env_id, std::nullopt);
    if (fetched.status != 200) {
        services_.metrics.fetches_failed.add();
        const bool refused = fetched.status == 403 || fetched.status == 404;
        const auto failure = refused ? FetchFailure::not_granted : FetchFailure::failed;
        const bool is_change = subscription_.on_fetch_failed(env_id, failure, services_.clock.now());
        if (is_change) services_.log.warn("ruleset_fetch_failed", {{"env_id", env_id}, {"status", fetched.status}});
        co_return Action{};
    }
    auto delivering = sink_(env_id, Document::ruleset, std::move(fetched.body));
    const wire::Verdict verdict = co_await std::move(delivering);
    co_return subscription_.on_fetched(env_id, verdict, services_.clock.now());
}

boost::asio::awaitable<bool> Synchroniser::poll(std::string env_id) {
    const auto at = subscription_.held().find(env_id);
    const auto since = at == subscription_.held().end() ? std::nullopt : std::optional(at->second);
    auto fetched = co_await get_ruleset(env_id, since);
    if (fetched.status != 200) co_return fetched.status != 0;
    auto delivering = sink_(env_id, Document::ruleset, std::move(fetched.body));
    const wire::Verdict verdict = co_await std::move(delivering);
    auto action = subscription_.on_polled(env_id, verdict, services_.clock.now());
    co_await carry_out(std::move(action));
    co_return true;
}

boost::asio::awaitable<Synchroniser::Fetched> Synchroniser::get_ruleset(std::string env_id,
                                                                        std::optional<wire::Version> since) {
    services_.metrics.fetches.add();
    net::ClientRequest request;
    request.target = "/relay/v1/rulesets/" + env_id;
    if (since) {
        const auto version = wire::to_string(*since);
        request.target += "?since=" + version;
        request.headers.emplace_back("If-None-Match", "\"" + version + "\"");
    }
    auto response = co_await services_.upstreams.send(Upstreams::Purpose::rulesets, std::move(request));
    Fetched fetched;
    if (response) {
        fetched.status = response->status;
        fetched.body = std::move(response->body);
    }
    co_return fetched;
}

}  // namespace fanion::relay::upstream
