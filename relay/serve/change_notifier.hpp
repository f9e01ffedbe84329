#pragma once

// Who waits on this worker thread for an environment to change: event streams, and bulk requests that ask for a version.
// Bounds the streams, spreads what a change sets off, ends streams when the relay stops. One thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "relay/serve/serve_config.hpp"

namespace fanion::relay::serve {

class ChangeNotifier {
public:
    using Millis = std::chrono::milliseconds;

    ChangeNotifier(boost::asio::any_io_executor executor, const ServeConfig& config, unsigned workers);
    ChangeNotifier(const ChangeNotifier&) = delete;

    // Wakes everybody who waits for this environment; "" wakes all.
    void notify(std::string_view env_id);

    // Ends the streams, each at a moment of its own within `spread`, with a jittered `retry:`.
    void end_streams(Millis spread);
    bool is_ending() const noexcept { return ending_; }

    // Returns at the next changed() of that environment, at end_streams(), or after `limit`.
    boost::asio::awaitable<void> wait_for_change(std::string env_id, Millis limit);

    // A moment for one of the streams to tell its client of a change, so that all together are told at the configured rate.
    Millis jitter();
    Millis random_below(Millis limit);
    Millis ending_spread() const noexcept { return ending_spread_; }

    // One open stream; ends with the object.
    class StreamSlot {
    public:
        StreamSlot(ChangeNotifier& hub, std::string key_id);
        ~StreamSlot();
        StreamSlot(const StreamSlot&) = delete;

    private:
        ChangeNotifier& notifier_;
        std::string key_id_;
    };
    bool has_room(std::string_view key_id) const;
    std::size_t streams() const noexcept { return streams_; }

private:
    boost::asio::any_io_executor executor_;
    const ServeConfig& config_;
    unsigned workers_;
    bool ending_ = false;
    Millis ending_spread_{0};
    std::size_t streams_ = 0;
    std::unordered_map<std::string, std::size_t> streams_by_key_;
    std::unordered_map<std::string, std::vector<boost::asio::steady_timer*>> waiting_;
    std::minstd_rand random_;
};

}  // namespace fanion::relay::serve
