#include "control-plane/staging/decide.hpp"

#include <algorithm>

#include "control-plane/relays/propagation.hpp"

namespace fanion::cp::staging {
namespace {

using wire::EnvironmentState;

bool is_refusal(EnvironmentState state) noexcept {
    return state == EnvironmentState::rejected || state == EnvironmentState::quarantined;
}

bool rejects(const CanaryReport& canary, const HeldStage& stage) noexcept {
    if (canary.is_at_version || !is_refusal(canary.state) || canary.state_at < stage.held_since) return false;
    return canary.state_at >= stage.begun_at || canary.reported_at >= stage.begun_at + rejects_again_after;
}

std::string refusal_text(const CanaryReport& canary) {
    auto text = "relay " + canary.relay_id + ": " + canary.code;
    if (!canary.detail.empty()) text += ", " + canary.detail;
    return text;
}

std::string count_text(std::size_t count) { return count == 1 ? "1 canary" : std::to_string(count) + " canaries"; }

Decision decided(Decision counted, Action action, Reason reason, std::string detail) {
    counted.action = action;
    counted.reason = reason;
    counted.detail = std::move(detail);
    return counted;
}

}  // namespace

std::string_view name_of(Action action) noexcept {
    constexpr std::string_view names[] = {"wait", "release", "withdraw"};
    return names[static_cast<std::size_t>(action)];
}

std::string_view name_of(Reason reason) noexcept {
    constexpr std::string_view names[] = {"soaked",         "no_canaries", "rejected", "quarantined", "timed_out",
                                          "not_everywhere", "lost",        "soaking",  "person"};
    return names[static_cast<std::size_t>(reason)];
}

CanaryStanding standing_of(const CanaryReport& canary, const HeldStage& stage, UnixMillis now) noexcept {
    if (rejects(canary, stage)) return CanaryStanding::rejecting;
    const bool is_silent = canary.reported_at + relays::silent_after < now;
    if (!is_silent) return canary.is_at_version ? CanaryStanding::has : CanaryStanding::behind;
    // Whoever was silent before is gone, and has nothing to do with this version.
    const bool took_part = canary.reported_at + relays::silent_after >= stage.begun_at;
    return took_part && canary.reported_at + lost_for >= now ? CanaryStanding::lost : CanaryStanding::silent;
}

Decision decide(const HeldStage& stage, const std::vector<CanaryReport>& canaries, UnixMillis now) {
    Decision found;
    const CanaryReport* refusing = nullptr;
    UnixMillis last_at = stage.begun_at;
    for (const auto& canary : canaries) {
        const auto standing = standing_of(canary, stage, now);
        found.has += standing == CanaryStanding::has ? 1 : 0;
        found.behind += standing == CanaryStanding::behind ? 1 : 0;
        found.rejecting += standing == CanaryStanding::rejecting ? 1 : 0;
        found.lost += standing == CanaryStanding::lost ? 1 : 0;
        if (standing == CanaryStanding::has) last_at = std::max(last_at, canary.state_at);
        if (standing == CanaryStanding::rejecting && !refusing) refusing = &canary;
    }
    if (refusing) {
        const bool is_quarantined = refusing->state == EnvironmentState::quarantined;
        return decided(std::move(found), Action::withdraw, is_quarantined ? Reason::quarantined : Reason::rejected,
                       refusal_text(*refusing));
    }
    const auto soak = stage.settings.soak_seconds * UnixMillis{1000};
    const bool is_everywhere = found.has > 0 && found.behind == 0 && found.lost == 0;
    if (is_everywhere) found.soak_until = last_at + soak;
    if (is_everywhere && now >= last_at + soak) {
        auto text = count_text(found.has) + " had it for " + std::to_string(stage.settings.soak_seconds) + " s";
        return decided(std::move(found), Action::release, Reason::soaked, std::move(text));
    }
    const bool has_none = found.has + found.behind + found.lost == 0;
    const bool goes_without = stage.settings.without_canaries == projects::WithoutCanaries::release;
    const auto& label = stage.settings.label;
    if (has_none && goes_without && now >= stage.begun_at + soak)
        return decided(std::move(found), Action::release, Reason::no_canaries,
                       "no relay with the label `" + label + "` is connected");
    if (now >= stage.begun_at + stage.settings.hold_seconds * UnixMillis{1000}) {
        auto text = "not released within " + std::to_string(stage.settings.hold_seconds) + " s: " +
                    (has_none ? "no relay with the label `" + label + "` is connected"
                              : count_text(found.has) + " of " + std::to_string(found.has + found.behind + found.lost) +
                                    " had it");
        return decided(std::move(found), Action::withdraw, Reason::timed_out, std::move(text));
    }
    if (has_none)
        return decided(std::move(found), Action::wait, Reason::no_canaries,
                       "for a relay with the label `" + label + "`");
    if (found.behind > 0) {
        auto text = "for " + count_text(found.behind) + " to have it";
        return decided(std::move(found), Action::wait, Reason::not_everywhere, std::move(text));
    }
    if (found.lost > 0) {
        auto text = "for " + count_text(found.lost) + " to report again";
        return decided(std::move(found), Action::wait, Reason::lost, std::move(text));
    }
    return decided(std::move(found), Action::wait, Reason::soaking, "for the soak time");
}

}  // namespace fanion::cp::staging
