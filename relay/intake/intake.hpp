#pragma once

// Exposures and metrics on their way into the spool: those that SDKs send, and exposures that the
// relay makes itself. What comes at the same time is taken together and becomes one batch, as long
// as a control plane takes it: requests are divided among batches, but none is divided itself.
//
// Thread-safe: workers put, one taker takes and keeps what it took. Nobody waits for a disk here.

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/sdk_events.hpp"
#include "relay/intake/recent_ids.hpp"

namespace fanion::relay::intake {

class Intake {
public:
    static constexpr std::size_t batch_bytes = 128u * 1024;       // as much makes a batch
    static constexpr std::size_t most_batch_bytes = 1024 * 1024;  // of several requests
    static constexpr std::size_t most_bytes = 16u * 1024 * 1024;  // that wait
    static constexpr std::size_t most_waiting = 16'384;           // requests
    using Notify = std::function<void()>;

    // `wake` is called when there is something to take, and again when there is a batch of it; by
    // the thread that puts. Before the first put.
    void on_put(Notify wake) { wake_ = std::move(wake); }

    enum class Put {
        taken,      // `done` is called once it is kept
        duplicate,  // the batch was taken before; `done` is called once that is kept
        full,       // nothing is taken
    };
    // The exposures and metrics of one request. The caller counts its counts, where it is taken.
    Put put(std::string_view env_id, const wire::SdkEvents& events, UnixMillis now, Notify done);

    // An element of a batch's list of exposures. False: there is no room for it.
    bool put_exposure(std::string_view element, UnixMillis now);

    struct Taken {
        std::string exposures;  // elements with commas between them
        std::string metrics;
        std::uint64_t exposure_count = 0;
        std::uint64_t metric_count = 0;
        UnixMillis from = 0;  // when the first and the last were put
        UnixMillis to = 0;
        std::vector<Notify> done;  // to be called when this is kept

        std::size_t bytes() const noexcept { return exposures.size() + metrics.size(); }
        bool empty() const noexcept { return exposure_count == 0 && metric_count == 0; }
    };
    Taken take();  // the oldest batch
    bool has_work() const;
    bool has_batch() const;

private:
    bool has_room(std::size_t bytes) const noexcept;
    Taken& batch_for(std::size_t bytes, UnixMillis now);

    Notify wake_;
    mutable std::mutex mutex_;  // of all below; held for copying only
    std::deque<Taken> pending_;
    std::size_t bytes_ = 0;    // of all of them
    std::size_t waiting_ = 0;  // requests in all of them
    RecentIds ids_;
};

}  // namespace fanion::relay::intake
