#pragma once

// One connected relay as the hub knows it. Made by StreamHub::subscribe, ends with its stream. One thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "control-plane/keys/relay_keys.hpp"
#include "control-plane/relays/metrics.hpp"
#include "control-plane/relays/outbox.hpp"

namespace fanion::cp::relays {

class StreamHub;

class Subscription {
public:
    Subscription(StreamHub& hub, boost::asio::any_io_executor executor, keys::RelayIdentity identity,
                 std::size_t queue_bytes);
    ~Subscription();
    Subscription(const Subscription&) = delete;

    Outbox& outbox() noexcept { return outbox_; }
    const keys::RelayIdentity& identity() const noexcept { return identity_; }

    // Ends the stream after what it is sending now.
    void end(EndReason reason);
    std::optional<EndReason> ended() const noexcept { return is_ended_; }

    // There may be something to do.
    void wake() { timer_.cancel(); }
    // Until woken or `deadline`.
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline);

private:
    StreamHub& hub_;
    keys::RelayIdentity identity_;  // as it connected; what is granted since is in the outbox
    Outbox outbox_;
    boost::asio::steady_timer timer_;
    std::optional<EndReason> is_ended_;
};

}  // namespace fanion::cp::relays
