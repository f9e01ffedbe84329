#pragma once

// Sends one message and says what became of it: over HTTP or HTTPS, to the addresses that the
// policy allows, without following redirects. Time, connections (one, closed afterwards) and what
// is read of the response are bounded. One thread (its executor's).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/net/http_client.hpp"
#include "common/telemetry/trace_place.hpp"
#include "control-plane/webhooks/address_policy.hpp"
#include "control-plane/webhooks/checked_resolve.hpp"
#include "control-plane/webhooks/delivery.hpp"

namespace fanion::cp::webhooks {

struct SenderConfig {
    AddressPolicy policy = {};
    net::ProxySettings proxies = {};
    net::ClientTls tls = {};  // whom https trusts; null: https is not spoken
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds timeout{10'000};  // up to the end of the response's headers
    net::Resolve lookup = net::resolve;
    telemetry::RequestTracing tracing = {};  // each attempt is a trace of its own
};

struct Message {
    std::string url;
    std::vector<std::string> secrets;  // each of them signs
    DeliveryId id;
    std::string body;
};

struct SentMessage {
    Attempt attempt;
    AttemptResult result;
    bool is_address_refused = false;
};

class Sender {
public:
    Sender(boost::asio::any_io_executor executor, SenderConfig config, const Clock& clock);
    Sender(const Sender&) = delete;

    // For later messages.
    void set_tls(net::ClientTls tls) { config_.tls = std::move(tls); }

    // Never fails: what went wrong is in the result.
    boost::asio::awaitable<SentMessage> send(Message message);

private:
    struct Response {
        unsigned status = 0;
        std::string retry_after;
        std::string body;
    };
    boost::asio::awaitable<Result<Response>> exchange(const Message& message, UnixMillis now);

    boost::asio::any_io_executor executor_;
    SenderConfig config_;
    const Clock& clock_;
};

}  // namespace fanion::cp::webhooks
