#include "relay/upstream/granted.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace fanion::relay::upstream {

net::ClientRequest heads_request(const wire::Have& have) {
    net::ClientRequest request;
    request.target = "/relay/v1/heads";
    request.headers.emplace_back(std::string(wire::have_header), wire::format_have(have));
    return request;
}

GrantedList granted_in(std::string_view events) {
    wire::SseParser parser;
    std::vector<wire::SseEvent> parsed;
    static_cast<void>(parser.feed(events, parsed));  // events before a fault are complete
    GrantedList granted;
    for (auto& event : parsed) {
        const auto colon = std::min(event.id.rfind(':'), event.id.size());
        const auto env_id = event.id.substr(0, colon);
        const auto version =
            wire::parse_version(std::string_view(event.id).substr(std::min(colon + 1, event.id.size())));
        if (event.event == "head" && version && wire::is_valid_env_id(env_id)) granted.heads[env_id] = *version;
        if (event.event == "revoked") granted.revoked.push_back(std::move(event));
    }
    return granted;
}

bool covers(const wire::Have& held, const wire::Have& granted) noexcept {
    return std::all_of(granted.begin(), granted.end(), [&](const auto& head) {
        const auto found = held.find(head.first);
        return found != held.end() && found->second >= head.second;
    });
}

boost::asio::awaitable<Result<GrantedList>> fetch_granted(Upstreams& upstreams, wire::Have have) {
    auto response = co_await upstreams.send(Upstreams::Purpose::rulesets, heads_request(have));
    if (!response) co_return response.error();
    if (response->status == 404) co_return GrantedList();
    if (response->status != 200)
        co_return Error{Errc::network, "status " + std::to_string(response->status) + " for the list of heads"};
    co_return granted_in(response->body);
}

}  // namespace fanion::relay::upstream
