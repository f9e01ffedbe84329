#pragma once

// The control planes (or relays) that this relay may use, one of them selected, and the relay key
// sent to them. Each purpose has a connection of its own, so that no request waits behind another.
// One thread (the control thread).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/net/http_client.hpp"

namespace fanion::relay::upstream {

struct UpstreamConfig {
    std::vector<std::string> origins;
    std::string labels = {};  // of this relay, as the header's value; empty: none
    std::string ca_file;
    net::ClientTls tls = {};  // in the place of `ca_file`
    net::ProxySettings proxies = {};
    std::chrono::milliseconds idle{14'000};  // a stream without a valid head for so long is left
    std::chrono::milliseconds request_timeout{10'000};
    std::size_t body_limit = 41u * 1024 * 1024;
};

class Upstreams {
public:
    enum class Purpose { rulesets, status };

    // Error: invalid_input, an origin that is not a valid URL.
    static Result<Upstreams> make(boost::asio::any_io_executor executor, const UpstreamConfig& config,
                                  std::string relay_key);

    // Empty if there is none; then nothing below may be called.
    std::string origin() const { return origins_.empty() ? std::string() : origins_[selected_].url; }
    void select(std::size_t index) noexcept { selected_ = index; }

    void set_key(std::string relay_key) { relay_key_ = std::move(relay_key); }
    // As net::HttpClient::set_tls.
    void set_tls(const net::ClientTls& tls);

    // Both add the credential and the relay's labels. Errors: network, timed_out.
    boost::asio::awaitable<Result<net::ClientResponse>> send(Purpose purpose, net::ClientRequest request);
    boost::asio::awaitable<Result<std::unique_ptr<net::ResponseStream>>> open_stream(net::ClientRequest request);

private:
    struct Origin {
        std::string url;
        net::HttpClient stream;
        net::HttpClient rulesets;
        net::HttpClient status;
    };
    Upstreams(std::string relay_key, std::string labels)
        : relay_key_(std::move(relay_key)), labels_(std::move(labels)) {}
    void authenticate(net::ClientRequest& request) const;

    std::vector<Origin> origins_;
    std::size_t selected_ = 0;
    std::string relay_key_;  // a secret
    std::string labels_;
};

}  // namespace fanion::relay::upstream
