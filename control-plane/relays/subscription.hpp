#pragma once

// The stream of one connected relay as the hub knows it: made by StreamHub::subscribe, destroyed
// when the stream ends. One thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/have.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/keys/relay_keys.hpp"
#include "control-plane/relays/metrics.hpp"
#include "control-plane/relays/outbox.hpp"

namespace fanion::cp::relays {

class StreamHub;

// Which relay asks, what it calls itself, what it says it holds, and the last manifests of those
// held environments that no longer exist.
struct RelayRequest {
    keys::RelayIdentity identity;
    std::vector<std::string> labels;
    wire::Have have;
    std::vector<wire::Manifest> deleted;
};

class Subscription {
public:
    Subscription(StreamHub& hub, boost::asio::any_io_executor executor, const RelayRequest& relay,
                 std::size_t queue_bytes);
    ~Subscription();
    Subscription(const Subscription&) = delete;

    Outbox& outbox() noexcept { return outbox_; }
    const keys::RelayIdentity& identity() const noexcept { return identity_; }
    const std::vector<std::string>& labels() const noexcept { return labels_; }

    // Ends the stream once what is being sent is sent. The first reason counts.
    void end(EndReason reason);
    std::optional<EndReason> ended() const noexcept { return end_reason_; }

    // Makes wait_until() return: there may be something to send.
    void wake() { timer_.cancel(); }
    // Until woken or `deadline`.
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline);

private:
    StreamHub& hub_;
    keys::RelayIdentity identity_;  // as it connected; the outbox has what is granted since
    std::vector<std::string> labels_;
    Outbox outbox_;
    boost::asio::steady_timer timer_;
    std::optional<EndReason> end_reason_;  // the first that was given
};

}  // namespace fanion::cp::relays
