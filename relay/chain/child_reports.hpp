#pragma once

// What relays below report, until this relay has passed it up inside its own report: of each the
// newest report, once. Thread-safe: workers put, the control thread takes.
//
// Bounded: at most wire::most_relays_below relays, each at most wire::most_levels_below levels
// below, and `most_bytes` in one report; what finds no place there goes with the next. A large
// report goes without details, and not at all if it is larger than that alone. A report that could
// not be passed up for half a minute is forgotten: by then its relay has sent a newer one, or is
// silent.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/wire/status.hpp"

namespace fanion::relay::chain {

inline constexpr UnixMillis report_lifetime = 30'000;

struct ReportMetrics {
    telemetry::Counter received;   // of relays one level below
    telemetry::Counter passed_up;  // of relays on any level
    telemetry::Counter dropped;    // too many, too far below, too old, too large, or of a circle of relays
};

class ChildReports {
public:
    static constexpr std::size_t most_bytes = 512u * 1024;  // half of what a report may have

    // `own_id`: this relay's.
    explicit ChildReports(std::string own_id) : own_id_(std::move(own_id)) {}
    ChildReports(const ChildReports&) = delete;

    // Before the workers start: called after each put(), on the thread that calls it.
    void on_put(std::function<void()> listener) { on_put_ = std::move(listener); }

    // `status` has only what the key of the relay below grants. False: it has this relay's own id.
    bool put(wire::RelayStatus status, UnixMillis now);

    // What is to be passed up now.
    std::vector<wire::RelayBelow> due(UnixMillis now);
    // What due() returned last has arrived.
    void passed_up();

    // The uses of keys and the attributes that relays below have reported since the last call.
    struct Noted {
        std::vector<wire::KeyUse> keys;
        std::vector<wire::SeenAttribute> attributes;
    };
    Noted take_noted();

    std::size_t waiting() const;
    const ReportMetrics& metrics() const noexcept { return metrics_; }

private:
    struct Waiting {
        wire::RelayBelow relay;
        UnixMillis received = 0;
        std::uint64_t serial = 0;
        std::uint64_t offered = 0;  // the serial that due() returned last; 0: none
        std::size_t bytes = 0;      // as JSON
    };
    void keep(wire::RelayBelow relay, UnixMillis now);
    void forget_old(UnixMillis now);

    const std::string own_id_;
    std::function<void()> on_put_;
    mutable std::mutex mutex_;
    std::map<std::string, Waiting> waiting_;  // by relay
    std::string last_offered_;                // the relay that the last report ended with
    std::uint64_t serial_ = 0;
    Noted noted_;
    ReportMetrics metrics_;
};

}  // namespace fanion::relay::chain
