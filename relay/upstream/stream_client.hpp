#pragma once

// Keeps a stream from upstream open until cancelled: passes its events to the Synchroniser,
// reconnects as Reconnect decides, and polls where a proxy does not pass streams. One thread (the
// control thread).
//
// A stream is left when it brought no valid head or new ruleset for `idle`, whatever else it
// brings, or when what it brings is of no use (Subscription::is_useless).

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
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
    std::chrono::milliseconds longest_silence() const;
    void record_accepted();
    void record_refused(unsigned status);
    void record_failed(bool opened, const std::string& error);
    void set_connected(bool connected);
    void log_connected();
    void log_failed(const char* event, const std::string& error);
    double random() { return std::uniform_real_distribution<>(0, 1)(random_); }

    StreamClientDeps services_;
    Reconnect reconnect_;
    std::chrono::milliseconds idle_;
    boost::asio::steady_timer timer_;
    std::mt19937 random_{std::random_device{}()};
    wire::SseParser parser_;
    StreamState state_;
    // One log line per change of state: by upstream, the failure logged since it last delivered a
    // valid document.
    std::map<std::string, std::string> logged_failures_;
    bool connected_logged_ = false;  // of the open stream
};

}  // namespace fanion::relay::upstream
