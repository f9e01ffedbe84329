#pragma once

// Which relays have received a change, judged by what each last reported. Pure.

#include <chrono>
#include <optional>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/wire/status.hpp"

namespace fanion::cp::relays {

// Relays report on every change and every 10 s; one that missed three is silent.
inline constexpr UnixMillis silent_after = 30'000;

enum class PropagationState {
    up_to_date,
    pending,
    held,  // it gets the version when that is released
    rejected,
    silent
};
std::string_view name_of(PropagationState state) noexcept;  // "up_to_date", ..

struct RelayReport {
    bool is_at_version = false;  // at or past the version asked for
    wire::EnvironmentState state = wire::EnvironmentState::applied;
    UnixMillis reported_at = 0;
    bool is_held_back = false;  // the version is held, and the relay is no canary
};
PropagationState propagation_state_of(const RelayReport& report, UnixMillis now) noexcept;

// "30s", "500ms": a wait of at most a minute.
std::optional<std::chrono::milliseconds> parse_wait(std::string_view text) noexcept;

}  // namespace fanion::cp::relays
