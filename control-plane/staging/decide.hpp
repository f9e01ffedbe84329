#pragma once

// Whether a held version goes on to all relays, is withdrawn, or waits: decided by what relays have
// reported and nothing else, so that every replica decides alike, at any time. Pure.
//
// Numbered rules, the first that applies:
// 1. A canary that rejects the version or has it in quarantine: withdraw.
// 2. All canaries that are connected have it, at least one does, none is lost, and the last of them
//    has had it for the soak time: release. A canary that starts again begins its soak time anew.
// 3. No canary is connected or lost, and the change is not to wait for one: release after the soak
//    time.
// 4. The hold time is over: withdraw.
// 5. Otherwise wait.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/status.hpp"
#include "control-plane/projects/settings.hpp"

namespace fanion::cp::staging {

// A canary that was connected during the stage and is silent now may have crashed: it is waited for
// so long, which is longer than a supervisor waits before it starts a process again.
inline constexpr UnixMillis lost_for = 5 * 60'000;
// What a canary has rejected since an earlier version of the same stage counts against the present
// one if it says so still so long after that was made: it has had time to get it.
inline constexpr UnixMillis rejects_again_after = 15'000;

// What a canary has last reported.
struct CanaryReport {
    std::string relay_id;
    bool is_at_version = false;  // at or past the held one
    wire::EnvironmentState state = wire::EnvironmentState::applied;
    std::string code;
    std::string detail;
    UnixMillis reported_at = 0;
    UnixMillis state_at = 0;  // since when it has reported this version and state, in this process
};

struct HeldStage {
    projects::StagingSettings settings;
    UnixMillis begun_at = 0;
    UnixMillis held_since = 0;  // of the first version that this one replaces; see publish::Stage
};

enum class Action { wait, release, withdraw };
enum class Reason {
    soaked,          // release: every canary has had it for the soak time
    no_canaries,     // release: none is connected. wait: for one
    rejected,        // withdraw
    quarantined,     // withdraw
    timed_out,       // withdraw
    not_everywhere,  // wait: for canaries that have not got it yet
    lost,            // wait: for a canary that fell silent
    soaking,         // wait: for the soak time
    person,          // release, withdraw: somebody has decided
};
std::string_view name_of(Action action) noexcept;
std::string_view name_of(Reason reason) noexcept;

enum class CanaryStanding { has, behind, rejecting, lost, silent };
CanaryStanding standing_of(const CanaryReport& canary, const HeldStage& stage, UnixMillis now) noexcept;

struct Decision {
    Action action = Action::wait;
    Reason reason = Reason::no_canaries;
    std::string detail;                    // for people
    std::optional<UnixMillis> soak_until;  // when every canary has it
    std::size_t has = 0;
    std::size_t behind = 0;
    std::size_t rejecting = 0;
    std::size_t lost = 0;  // those that have been silent for long are not counted
};
Decision decide(const HeldStage& stage, const std::vector<CanaryReport>& canaries, UnixMillis now);

}  // namespace fanion::cp::staging
