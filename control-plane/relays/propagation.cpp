#include "control-plane/relays/propagation.hpp"

#include "common/base/text.hpp"

namespace fanion::cp::relays {

std::string_view name_of(PropagationState state) noexcept {
    switch (state) {
        case PropagationState::up_to_date:
            return "up_to_date";
        case PropagationState::pending:
            return "pending";
        case PropagationState::held:
            return "held";
        case PropagationState::rejected:
            return "rejected";
        case PropagationState::silent:
            return "silent";
    }
    return "";
}

PropagationState propagation_state_of(const RelayReport& report, UnixMillis now) noexcept {
    if (report.reported_at + silent_after < now) return PropagationState::silent;
    if (report.is_at_version) return PropagationState::up_to_date;
    switch (report.state) {
        case wire::EnvironmentState::rejected:
        case wire::EnvironmentState::quarantined:
            return PropagationState::rejected;
        case wire::EnvironmentState::applied:
        case wire::EnvironmentState::stale:
            break;
    }
    return report.is_held_back ? PropagationState::held : PropagationState::pending;
}

std::optional<std::chrono::milliseconds> parse_wait(std::string_view text) noexcept {
    std::uint64_t unit = 1000;
    if (text.ends_with("ms")) {
        unit = 1;
        text.remove_suffix(2);
    } else if (text.ends_with('s')) {
        text.remove_suffix(1);
    } else {
        return std::nullopt;
    }
    const auto count = parse_u64(text);
    if (!count || *count > 60'000 / unit) return std::nullopt;
    return std::chrono::milliseconds(*count * unit);
}

}  // namespace fanion::cp::relays
