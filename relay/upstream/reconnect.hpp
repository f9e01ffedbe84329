#pragma once

// When and where to try the next stream: pure policy. A failure moves on to the next upstream; streams that open and
// bring nothing, three in a row, do not pass some proxy, and the rulesets are polled between attempts. 401 and 403 slow down and
// never end the trying. One thread.

#include <chrono>
#include <optional>

#include "common/wire/backoff.hpp"

namespace fanion::relay::upstream {

struct ReconnectParameters {
    wire::BackoffParameters backoff;
    std::size_t upstreams = 1;
    std::chrono::milliseconds poll_interval{10'000};
    unsigned polls_per_attempt = 6;  // while polling, a stream is tried again after so many polls
};

class Reconnect {
public:
    static constexpr unsigned silent_streams = 3;

    explicit Reconnect(ReconnectParameters parameters) : parameters_(parameters), backoff_(parameters.backoff) {}

    std::size_t upstream() const noexcept { return upstream_; }
    bool is_polling() const noexcept { return silent_ >= silent_streams; }
    bool is_slow() const noexcept { return backoff_.is_slow(); }

    void on_data();                                                  // the stream brings something: all is well
    void on_closed(std::optional<std::chrono::milliseconds> retry);  // it ended in order; `retry` as the server asked
    void on_failed(bool opened);   // connect, status, idle timeout, broken off; `opened`: status 200 had come
    void on_polled(bool reached);  // a poll that reached nobody ends polling
    void on_refused();             // 401 or 403
    void on_credential_changed();

    // What to do before the next stream.
    struct Step {
        std::chrono::milliseconds wait;
        bool poll = false;  // poll after the wait, then ask for a step again; otherwise open a stream
    };
    Step next(double random);

private:
    ReconnectParameters parameters_;
    wire::Backoff backoff_;
    std::size_t upstream_ = 0;
    unsigned silent_ = 0;  // opened streams in a row that brought nothing
    unsigned polls_ = 0;
    bool data_seen_ = false;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace fanion::relay::upstream
