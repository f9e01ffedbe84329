#include "relay/upstream/poll_client.hpp"

#include <set>

namespace fanion::relay {

boost::asio::awaitable<bool> PollClient::poll() {
    metrics_.polls.add();
    net::ClientRequest request;
    request.target = "/relay/v1/heads";
    request.headers.emplace_back(std::string(wire::have_header), wire::format_have(synchroniser_.have()));
    auto response = co_await upstreams_.send(Upstreams::Purpose::rulesets, std::move(request));
    if (!response) co_return false;
    if (response->status == 404) co_return co_await poll_each();
    if (response->status == 200) co_await take(std::move(response->body));
    co_return true;
}

// A ruleset is asked for before its head is looked at: then a delta from what is held will do.
boost::asio::awaitable<void> PollClient::take(std::string body) {
    wire::SseParser parser;
    std::vector<wire::SseEvent> events;
    static_cast<void>(parser.feed(body, events));  // what came before a fault is whole and signed
    for (auto& event : events) {
        const auto env_id = synchroniser_.behind(event);
        if (env_id) co_await synchroniser_.poll(*env_id);
        wire::SseEvent taken = std::move(event);
        co_await synchroniser_.on_event(std::move(taken));
    }
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

}  // namespace fanion::relay
