#include "relay/upstream/granted.hpp"

#include <vector>

#include "common/wire/sse_parser.hpp"

namespace fanion::relay::upstream {

std::set<std::string> environments_of(std::string_view events) {
    wire::SseParser parser;
    std::vector<wire::SseEvent> parsed;
    static_cast<void>(parser.feed(events, parsed));  // events before a fault are complete
    std::set<std::string> env_ids;
    for (const auto& event : parsed) {
        auto env_id = event.id.substr(0, event.id.rfind(':'));
        if (event.event == "head" && wire::is_valid_env_id(env_id)) env_ids.insert(std::move(env_id));
    }
    return env_ids;
}

boost::asio::awaitable<std::optional<std::set<std::string>>> fetch_granted(Upstreams& upstreams, wire::Have have) {
    net::ClientRequest request;
    request.target = "/relay/v1/heads";
    request.headers.emplace_back(std::string(wire::have_header), wire::format_have(have));
    auto response = co_await upstreams.send(Upstreams::Purpose::rulesets, std::move(request));
    if (!response) co_return std::nullopt;
    if (response->status == 404) co_return std::set<std::string>();
    if (response->status != 200) co_return std::nullopt;
    co_return environments_of(response->body);
}

}  // namespace fanion::relay::upstream
