#pragma once

// What an attempt does to a delivery, and to its webhook. Pure: time and chance are inputs.
//
//     pending --2xx--> delivered          failed --2xx--> delivered
//     pending --else-> failed, or dead when nothing is left of the plan or the receiver is gone
//     failed, delivered, dead --replay--> pending, with a new plan
//
// The attempts of one delivery are spread over three days: at once, after 5 s, 1 min, 5 min, 30
// min, 2 h, 5 h, 10 h, 14 h and 20 h, each pause up to a tenth shorter or longer, and the last one
// three days after the first. A webhook is disabled by 410, and when every attempt of three days
// failed.

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/clock.hpp"

namespace fanion::cp::webhooks {

inline constexpr UnixMillis retry_window = 3LL * 24 * 60 * 60 * 1000;

enum class DeliveryState {
    pending,    // not attempted since it was queued
    failed,     // will be attempted again
    delivered,  // answered with 2xx
    dead,       // given up; can be replayed
};
// "pending": as stored and as the API shows it.
std::string_view name_of(DeliveryState state) noexcept;
std::optional<DeliveryState> parse_delivery_state(std::string_view name) noexcept;

// How an attempt ended.
struct AttemptResult {
    UnixMillis started_at = 0;
    unsigned status = 0;                    // of the response; 0: there was none
    std::optional<UnixMillis> retry_after;  // how long the receiver asked to wait
    bool is_success() const noexcept { return status >= 200 && status < 300; }
    bool is_gone() const noexcept { return status == 410; }
};

struct DeliveryProgress {
    DeliveryState state = DeliveryState::pending;
    unsigned attempts = 0;                       // since it was queued
    std::optional<UnixMillis> first_attempt_at;  // since it was queued
    UnixMillis due_at = 0;                       // of pending and failed ones

    friend bool operator==(const DeliveryProgress&, const DeliveryProgress&) = default;
};

// `chance`: uniform in [0, 1).
DeliveryProgress after_attempt(DeliveryProgress progress, const AttemptResult& result, double chance);
// A delivery in any state, queued again.
DeliveryProgress replayed(UnixMillis now);

enum class DisabledReason {
    gone,     // the receiver answered 410
    failing,  // every attempt of three days failed
};
std::string_view name_of(DisabledReason reason) noexcept;
std::optional<DisabledReason> parse_disabled_reason(std::string_view name) noexcept;

struct HookHealth {
    std::optional<UnixMillis> failing_since;  // start of the first of the failed attempts since the last success
    std::optional<DisabledReason> disabled;

    friend bool operator==(const HookHealth&, const HookHealth&) = default;
};

HookHealth after_attempt(HookHealth health, const AttemptResult& result);

// The pause that a Retry-After header asks for: seconds, at most a day; nullopt for anything else.
std::optional<UnixMillis> parse_retry_after(std::string_view header) noexcept;

}  // namespace fanion::cp::webhooks
