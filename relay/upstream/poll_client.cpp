#include "relay/upstream/poll_client.hpp"

#include <set>

namespace fanion::relay::upstream {

boost::asio::awaitable<bool> PollClient::poll() {
    metrics_.polls.add();
    const auto outcome = co_await request();
    record(outcome);
    co_return outcome != Outcome::unreachable;
}

boost::asio::awaitable<PollClient::Outcome> PollClient::request() {
    net::ClientRequest request;
    request.target = "/relay/v1/heads";
    request.headers.emplace_back(std::string(wire::have_header), wire::format_have(synchroniser_.have()));
    auto response = co_await upstreams_.send(Upstreams::Purpose::rulesets, std::move(request));
    if (!response) co_return Outcome::unreachable;
    status_ = response->status;
    if (status_ == 404) {
        const bool reached = co_await poll_each();
        co_return reached ? Outcome::brought : Outcome::unreachable;
    }
    if (status_ != 200) co_return Outcome::refused;
    const auto events = co_await take(std::move(response->body));
    // Everything that is held has a head or a revocation in the answer. None at all: somebody else answered, or nothing is
    // granted.
    co_return events > 0 ? Outcome::brought : Outcome::empty;
}

void PollClient::record(Outcome outcome) {
    if (outcome == Outcome::unreachable) metrics_.polls_unreachable.add();
    if (outcome == Outcome::refused) metrics_.polls_refused.add();
    if (outcome == Outcome::empty) metrics_.polls_empty.add();
    if (outcome == last_) return;
    last_ = outcome;
    const auto& upstream = upstreams_.origin();
    switch (outcome) {
        case Outcome::brought:
            return log_.info("poll_recovered", {{"upstream", upstream}});
        case Outcome::unreachable:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "nobody answers"}});
        case Outcome::refused:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "refused"}, {"status", status_}});
        case Outcome::empty:
            return log_.warn("poll_failed", {{"upstream", upstream}, {"reason", "an answer without events"}});
    }
}

// A ruleset is asked for before its head is looked at: then a delta from what is held will do.
boost::asio::awaitable<std::size_t> PollClient::take(std::string body) {
    wire::SseParser parser;
    std::vector<wire::SseEvent> events;
    static_cast<void>(parser.feed(body, events));  // what came before a fault is whole and signed
    for (auto& event : events) {
        const auto env_id = synchroniser_.behind(event);
        if (env_id) co_await synchroniser_.poll(*env_id);
        wire::SseEvent taken = std::move(event);
        co_await synchroniser_.on_event(std::move(taken));
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
