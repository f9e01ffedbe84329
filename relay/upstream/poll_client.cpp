#include "relay/upstream/poll_client.hpp"

#include <set>

#include "relay/upstream/granted.hpp"

namespace fanion::relay::upstream {

boost::asio::awaitable<bool> PollClient::poll() {
    metrics_.polls.add();
    const auto outcome = co_await request();
    record(outcome);
    co_return outcome != Outcome::unreachable;
}

boost::asio::awaitable<PollClient::Outcome> PollClient::request() {
    auto response = co_await upstreams_.send(Upstreams::Purpose::rulesets, heads_request(synchroniser_.have()));
    if (!response) co_return Outcome::unreachable;
    status_ = response->status;
    if (status_ == 404) {
        const bool reached = co_await poll_each();
        co_return reached ? Outcome::received : Outcome::unreachable;
    }
    if (status_ != 200) co_return Outcome::refused;
    const auto events = co_await apply(std::move(response->body));
    // The answer has a head or a revocation for each environment held. An answer without events: the relay key grants
    // nothing, or a proxy answered.
    co_return events > 0 ? Outcome::received : Outcome::empty;
}

void PollClient::record(Outcome outcome) {
    if (outcome == Outcome::unreachable) metrics_.polls_unreachable.add();
    if (outcome == Outcome::refused) metrics_.polls_refused.add();
    if (outcome == Outcome::empty) metrics_.polls_empty.add();
    if (outcome == last_) return;
    last_ = outcome;
    const auto& upstream = upstreams_.origin();
    switch (outcome) {
        case Outcome::received:
            return log_.info("poll_recovered", {{"upstream", upstream}});
        case Outcome::unreachable:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "no answer"}});
        case Outcome::refused:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "refused"}, {"status", status_}});
        case Outcome::empty:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "no events in the answer"}});
    }
}

// A ruleset is requested before its head is applied: a delta from what is held is then enough.
boost::asio::awaitable<std::size_t> PollClient::apply(std::string body) {
    wire::SseParser parser;
    std::vector<wire::SseEvent> events;
    static_cast<void>(parser.feed(body, events));  // events before a fault are complete and signed
    for (auto& event : events) {
        const auto env_id = synchroniser_.environment_behind(event);
        if (env_id) co_await synchroniser_.poll(*env_id);
        wire::SseEvent next = std::move(event);
        co_await synchroniser_.on_event(std::move(next));
    }
    co_return events.size();
}

boost::asio::awaitable<bool> PollClient::poll_each() {
    std::set<std::string> env_ids(wanted_.begin(), wanted_.end());
    for (const auto& [env_id, version] : synchroniser_.held()) env_ids.insert(env_id);
    bool reached = env_ids.empty();
    for (const auto& env_id : env_ids) {
        const bool answered = co_await synchroniser_.poll(env_id);
        reached = reached || answered;
    }
    co_return reached;
}

}  // namespace fanion::relay::upstream
