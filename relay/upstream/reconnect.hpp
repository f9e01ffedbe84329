#pragma once

// When and where to open the next stream: pure policy. A failure moves on to the next upstream.
// Three streams in a row that open but deliver no bytes mean that a proxy does not pass streams:
// rulesets are then polled between attempts. 401 and 403 lengthen the backoff but never end the
// attempts. One thread.

#include <chrono>
#include <optional>

#include "common/wire/backoff.hpp"

namespace fanion::relay::upstream {

struct ReconnectParameters {
    wire::BackoffParameters backoff;
    std::size_t upstreams = 1;
    std::chrono::milliseconds poll_interval{10'000};
    unsigned polls_per_attempt = 6;  // while polling, polls between two attempts to open a stream
};

class Reconnect {
public:
    static constexpr unsigned silent_streams = 3;

    explicit Reconnect(ReconnectParameters parameters) : parameters_(parameters), backoff_(parameters.backoff) {}

    std::size_t upstream() const noexcept { return upstream_; }
    bool is_polling() const noexcept { return silent_ >= silent_streams; }
    bool is_slow() const noexcept { return backoff_.is_slow(); }

    void on_data();      // the stream delivered bytes
    void on_accepted();  // the stream delivered a valid document
    void on_closed(
        std::optional<std::chrono::milliseconds> retry);  // the server closed it; `retry`: its reconnection time
    void on_failed(bool opened);   // connect, status, idle timeout, connection lost; `opened`: status 200 was received
    void on_polled(bool reached);  // a poll without an answer ends polling
    void on_refused();             // 401 or 403
    void on_credential_changed();

    // What to do before the next stream.
    struct Step {
        std::chrono::milliseconds wait;
        bool poll = false;  // true: poll after the wait, then call next() again; false: open a stream
    };
    Step next(double random);

private:
    ReconnectParameters parameters_;
    wire::Backoff backoff_;
    std::size_t upstream_ = 0;
    unsigned silent_ = 0;  // consecutive streams that opened and delivered no bytes
    unsigned polls_ = 0;
    bool data_seen_ = false;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace fanion::relay::upstream
