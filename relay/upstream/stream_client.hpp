#pragma once

// Keeps a stream from upstream open until cancelled: passes its events to the Synchroniser,
// reconnects as Reconnect decides, and polls where a proxy does not pass streams. One thread (the
// control thread).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <random>
#include <string>

#include "relay/upstream/poll_client.hpp"
#include "relay/upstream/reconnect.hpp"

namespace fanion::relay::upstream {

struct StreamState {  // for /status
    bool connected = false;
    bool polling = false;
    bool refused = false;  // the last answer was 401 or 403
    UnixMillis since = 0;  // of `connected`
    std::string last_error;
};

struct StreamClientDeps {
    Upstreams& upstreams;
    Synchroniser& synchroniser;
    PollClient& polls;
    const Clock& clock;
    const Log& log;
    UpstreamMetrics& metrics;
};

class StreamClient {
public:
    StreamClient(boost::asio::any_io_executor executor, ReconnectParameters reconnect, std::chrono::milliseconds idle,
                 StreamClientDeps services);

    boost::asio::awaitable<void> run();  // until cancelled
    const StreamState& state() const noexcept { return state_; }

    // The relay's key was changed: a pending attempt is made at once; an open stream continues
    // until it ends.
    void on_credential_changed();

private:
    boost::asio::awaitable<void> pause();
    boost::asio::awaitable<void> connect_and_read();
    boost::asio::awaitable<Result<>> read_until_closed(net::ResponseStream& stream);
    void record_refused(unsigned status);
    void record_failed(bool opened, const std::string& error);
    void set_connected(bool connected);
    double random() { return std::uniform_real_distribution<>(0, 1)(random_); }

    StreamClientDeps services_;
    Reconnect reconnect_;
    std::chrono::milliseconds idle_;
    boost::asio::steady_timer timer_;
    std::mt19937 random_{std::random_device{}()};
    wire::SseParser parser_;
    StreamState state_;
};

}  // namespace fanion::relay::upstream
