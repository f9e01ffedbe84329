#include "relay/upstream/upstreams.hpp"

#include "common/wire/labels.hpp"

namespace fanion::relay::upstream {

Result<Upstreams> Upstreams::make(boost::asio::any_io_executor executor, const UpstreamConfig& config,
                                  std::string relay_key) {
    Upstreams upstreams(std::move(relay_key), config.labels);
    for (const auto& origin : config.origins) {
        net::ClientConfig client;
        client.origin = origin;
        client.ca_file = config.ca_file;
        client.tls = config.tls;
        client.proxies = config.proxies;
        client.request_timeout = config.request_timeout;
        client.body_limit = config.body_limit;
        auto stream = net::HttpClient::make(executor, client);
        if (!stream) return Error{Errc::invalid_input, "upstream " + origin + ": " + stream.error().detail};
        auto rulesets = net::HttpClient::make(executor, client);
        auto status = net::HttpClient::make(executor, client);
        upstreams.origins_.push_back({origin, std::move(*stream), std::move(*rulesets), std::move(*status)});
    }
    return upstreams;
}

void Upstreams::set_tls(const net::ClientTls& tls) {
    for (auto& origin : origins_) {
        for (auto* client : {&origin.stream, &origin.rulesets, &origin.status}) client->set_tls(tls);
    }
}

void Upstreams::authenticate(net::ClientRequest& request) const {
    request.headers.emplace_back("Authorization", "Bearer " + relay_key_);
    if (!labels_.empty()) request.headers.emplace_back(std::string(wire::labels_header), labels_);
}

boost::asio::awaitable<Result<net::ClientResponse>> Upstreams::send(Purpose purpose, net::ClientRequest request) {
    authenticate(request);
    auto& origin = origins_[selected_];
    auto& client = purpose == Purpose::rulesets ? origin.rulesets : origin.status;
    return client.send(std::move(request));
}

boost::asio::awaitable<Result<std::unique_ptr<net::ResponseStream>>> Upstreams::open_stream(
    net::ClientRequest request) {
    authenticate(request);
    return origins_[selected_].stream.open_stream(std::move(request));
}

}  // namespace fanion::relay::upstream
