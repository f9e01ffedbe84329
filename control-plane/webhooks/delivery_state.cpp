#include "control-plane/webhooks/delivery_state.hpp"

#include <algorithm>
#include <array>

#include "common/base/text.hpp"

namespace fanion::cp::webhooks {
namespace {

constexpr UnixMillis seconds = 1000;
constexpr UnixMillis minutes = 60 * seconds;
constexpr UnixMillis hours = 60 * minutes;
constexpr UnixMillis longest_retry_after = 24 * hours;

// After the n-th attempt. What follows the last one is the attempt at the end of the window.
constexpr std::array<UnixMillis, 9> pauses{5 * seconds, 1 * minutes, 5 * minutes, 30 * minutes, 2 * hours,
                                           5 * hours,   10 * hours,  14 * hours,  20 * hours};
constexpr double jitter = 0.1;  // of a pause, in both directions

// nullopt: there is no further attempt.
std::optional<UnixMillis> next_attempt(const DeliveryProgress& progress, const AttemptResult& result, double chance) {
    const auto end = *progress.first_attempt_at + retry_window;
    if (result.started_at >= end) return std::nullopt;
    if (progress.attempts > pauses.size()) return end;
    const auto pause = static_cast<double>(pauses[progress.attempts - 1]);
    auto due = result.started_at + static_cast<UnixMillis>(pause * (1 - jitter + 2 * jitter * chance));
    if (result.retry_after) due = std::max(due, result.started_at + *result.retry_after);
    return std::min(due, end);
}

}  // namespace

std::string_view name_of(DeliveryState state) noexcept {
    switch (state) {
        case DeliveryState::pending:
            return "pending";
        case DeliveryState::failed:
            return "failed";
        case DeliveryState::delivered:
            return "delivered";
        case DeliveryState::dead:
            return "dead";
    }
    return "";
}

std::optional<DeliveryState> parse_delivery_state(std::string_view name) noexcept {
    using enum DeliveryState;
    for (const auto state : {pending, failed, delivered, dead}) {
        if (name_of(state) == name) return state;
    }
    return std::nullopt;
}

DeliveryProgress after_attempt(DeliveryProgress progress, const AttemptResult& result, double chance) {
    ++progress.attempts;
    if (!progress.first_attempt_at) progress.first_attempt_at = result.started_at;
    if (result.is_success()) {
        progress.state = DeliveryState::delivered;
        return progress;
    }
    const auto next = result.is_gone() ? std::nullopt : next_attempt(progress, result, chance);
    progress.state = next ? DeliveryState::failed : DeliveryState::dead;
    if (next) progress.due_at = *next;
    return progress;
}

DeliveryProgress replayed(UnixMillis now) { return {DeliveryState::pending, 0, std::nullopt, now}; }

std::string_view name_of(DisabledReason reason) noexcept { return reason == DisabledReason::gone ? "gone" : "failing"; }

std::optional<DisabledReason> parse_disabled_reason(std::string_view name) noexcept {
    for (const auto reason : {DisabledReason::gone, DisabledReason::failing}) {
        if (name_of(reason) == name) return reason;
    }
    return std::nullopt;
}

HookHealth after_attempt(HookHealth health, const AttemptResult& result) {
    if (result.is_success()) {
        health.failing_since.reset();
        return health;
    }
    if (!health.failing_since) health.failing_since = result.started_at;
    if (result.is_gone()) {
        health.disabled = DisabledReason::gone;
    } else if (result.started_at - *health.failing_since >= retry_window) {
        health.disabled = DisabledReason::failing;
    }
    return health;
}

std::optional<UnixMillis> parse_retry_after(std::string_view header) noexcept {
    const auto count = parse_u64(trim(header));
    if (!count) return std::nullopt;
    const auto most = static_cast<std::uint64_t>(longest_retry_after / seconds);
    return static_cast<UnixMillis>(std::min(*count, most)) * seconds;
}

}  // namespace fanion::cp::webhooks
