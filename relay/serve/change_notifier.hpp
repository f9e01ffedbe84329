#pragma once

// Wakes what waits on a worker thread for a new version of an environment: event streams, and bulk
// requests that ask for a version; and for news of its ruleset, which are versions and heads:
// streams and polls of rulesets. It also limits the number of streams, spreads the messages that
// a change causes, and ends the streams when the relay shuts down.
//
// One thread. Must outlive the coroutines that wait and the slots.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "relay/serve/serve_config.hpp"

namespace fanion::relay::serve {

class ChangeNotifier {
public:
    using Millis = std::chrono::milliseconds;

    ChangeNotifier(boost::asio::any_io_executor executor, const ServeConfig& config, unsigned workers);
    ChangeNotifier(const ChangeNotifier&) = delete;

    // A new version: wakes every wait_for_change() and wait_for_news() of this environment.
    void notify(std::string_view env_id);
    // A new head: wakes every wait_for_news().
    void notify_head(std::string_view env_id);

    // Wakes every wait. From then on has_room() is false and the streams end, each at a random time
    // within `spread`.
    void end_streams(Millis spread);
    bool is_ending() const noexcept { return ending_; }

    // Returns at the next notify() of that environment, at the next end_streams(), or after
    // `limit`.
    boost::asio::awaitable<void> wait_for_change(std::string env_id, Millis limit);
    // The same, and at the next notify_head(). Of many that wait a few return at a time, in the
    // order in which they began, so that requests are answered in between.
    boost::asio::awaitable<void> wait_for_news(std::string env_id, Millis limit);
    // The same, for every environment.
    boost::asio::awaitable<void> wait_for_any_news(Millis limit);
    // Returns at the next end_streams(), or after `limit`, whatever changes meanwhile.
    boost::asio::awaitable<void> wait_for_shutdown(Millis limit);

    // A random delay before a stream announces a change. It grows with the number of open streams,
    // so that all of them together announce at ServeConfig::stream_refetches_per_second.
    Millis jitter();
    // Uniform in [0, limit); 0 if `limit` is not positive.
    Millis random_below(Millis limit);
    Millis ending_spread() const noexcept { return ending_spread_; }

    // One open stream, counted for as long as the object lives.
    class StreamSlot {
    public:
        StreamSlot(ChangeNotifier& notifier, std::string key_id);
        ~StreamSlot();
        StreamSlot(const StreamSlot&) = delete;

    private:
        ChangeNotifier& notifier_;
        std::string key_id_;
    };
    // Whether another stream may be opened: any, and one of this key.
    bool has_room() const noexcept { return !ending_ && streams_ < config_.streams; }
    bool has_room(std::string_view key_id) const;
    std::size_t streams() const noexcept { return streams_; }

private:
    // In the frame of the coroutine that waits; leaves its list however the wait ends.
    struct Waiter : boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        explicit Waiter(boost::asio::steady_timer&& limit) : timer(std::move(limit)) {}
        boost::asio::steady_timer timer;
    };
    using Waiters = boost::intrusive::list<Waiter, boost::intrusive::constant_time_size<false>>;
    using WaitersByEnvironment = std::unordered_map<std::string, Waiters>;

    static void wake(Waiters& waiters);
    static void wake(WaitersByEnvironment& waiters, std::string_view env_id);
    void wake_some();
    boost::asio::awaitable<void> wait(Waiters& waiters, Millis limit);

    boost::asio::any_io_executor executor_;
    const ServeConfig& config_;
    unsigned workers_;
    bool ending_ = false;
    Millis ending_spread_{0};
    std::size_t streams_ = 0;
    std::unordered_map<std::string, std::size_t> streams_by_key_;
    WaitersByEnvironment waiting_for_change_;
    WaitersByEnvironment waiting_for_news_;
    Waiters due_;             // had waited for news that has come
    bool is_waking_ = false;  // wake_some() is posted
    Waiters waiting_for_any_news_;
    Waiters waiting_for_shutdown_;
    std::minstd_rand random_;
};

}  // namespace fanion::relay::serve
