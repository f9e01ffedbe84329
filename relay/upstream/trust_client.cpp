#include "relay/upstream/trust_client.hpp"

namespace fanion::relay::upstream {

std::vector<std::string_view> split_trust_documents(std::string_view body) {
    std::vector<std::string_view> documents;
    for (;;) {
        const auto first = body.find('\n');
        const auto second = first == std::string_view::npos ? first : body.find('\n', first + 1);
        if (second == std::string_view::npos) return documents;
        documents.push_back(body.substr(0, second + 1));
        body.remove_prefix(second + 1);
    }
}

boost::asio::awaitable<bool> TrustClient::refresh() {
    net::ClientRequest request;
    request.target = "/relay/v1/trust?from=" + std::to_string(sink_.version());
    const auto response = co_await upstreams_.send(Upstreams::Purpose::rulesets, std::move(request));
    if (!response) {
        record("trust_fetch_failed", response.error().detail);
        co_return false;
    }
    if (response->status != 200) co_return false;
    bool advanced = false;
    std::string error;
    for (const auto document : split_trust_documents(response->body)) {
        auto appended = sink_.append(document);
        if (!appended) {
            error = describe(appended.error());
            break;
        }
        advanced = true;
    }
    record("trust_rejected", error);
    co_return advanced;
}

void TrustClient::record(const char* event, const std::string& error) {
    if (!error.empty() && error != last_error_) log_.warn(event, {{"error", error}});
    last_error_ = error;
}

}  // namespace fanion::relay::upstream
