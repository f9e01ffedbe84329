#pragma once

// Where a rollout is, what was measured, and what was decided. Plain values and their JSON; pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/json/writer.hpp"
#include "control-plane/rollouts/plan.hpp"

namespace fanion::cp::rollouts {

enum class State {
    running,
    held,    // by itself; takes no step
    paused,  // by a person; takes no step
    completed,
    rolled_back,
    turned_off,
    cancelled,
};
inline constexpr auto last_state = State::cancelled;
std::string_view name_of(State state) noexcept;
std::optional<State> parse_state(std::string_view name) noexcept;
constexpr bool is_open(State state) noexcept { return state <= State::paused; }

// Why something was decided.
enum class Reason {
    none,
    conflict,     // a person changed what the rollout is about
    guard,        // a guard is over its threshold
    no_data,      // Prometheus did not answer a guard's query with one number
    propagation,  // relays have not applied the step yet
    hold,         // the step's time is not over
    evaluations,  // too few of them yet
    approval,     // the next step waits for a person's
    max_wait,     // one of the last three, or propagation, took too long
    cleared,      // what held the rollout is gone
    step,         // nothing stands against the next one
    refused,      // the changed ruleset could not be published
    person,       // paused, resumed or cancelled
    long_hold,    // held for longer than an hour
};
inline constexpr auto last_reason = Reason::long_hold;
std::string_view name_of(Reason reason) noexcept;

// What is remembered of a guard between looks.
struct GuardProgress {
    std::optional<UnixMillis> over_since;   // over its threshold at every look since
    std::optional<UnixMillis> clear_since;  // measured and not over it at every look since
    bool is_told = false;                   // an alert about the present breach was given
    friend bool operator==(const GuardProgress&, const GuardProgress&) = default;
};

struct Progress {
    State state = State::running;
    Reason reason = Reason::none;  // why it is held or ended
    std::string detail;            // the same as a sentence
    std::size_t step = 0;          // how many of the plan's steps were taken
    std::uint32_t share = 0;       // of `to`, in slots
    bool is_approved = false;      // the next step
    // When the step was taken, or the rollout started or was resumed: what stood before was not
    // its doing.
    UnixMillis began_at = 0;
    std::optional<UnixMillis> applied_at;  // when all relays had the step; its `hold` counts from here
    std::optional<UnixMillis> stopped_at;  // held or paused since
    UnixMillis waits_since = 0;            // for max_wait
    bool is_wait_told = false;             // an alert about max_wait was given
    bool is_no_data_told = false;
    bool is_hold_told = false;      // an alert about the present hold was given
    std::string basis;              // basis_of() what the flag serves: another one is a conflict
    std::string published;          // ruleset version with the step; empty: none yet
    std::int64_t flag_version = 0;  // of the flag's item with the step
    std::vector<GuardProgress> guards;
    friend bool operator==(const Progress&, const Progress&) = default;
};

enum class Conflict { none, flag_gone, flag_off, rule_gone, changed, environment_gone };
std::string_view name_of(Conflict conflict) noexcept;

struct GuardReading {
    bool has_data = false;
    bool is_over = false;  // its threshold
    double value = 0;      // burn rate over the long window, the query's or the counted number
    double short_value = 0;
    std::string detail;  // why there are no data
    friend bool operator==(const GuardReading&, const GuardReading&) = default;
};

// What one look found.
struct Evidence {
    UnixMillis at = 0;
    Conflict conflict = Conflict::none;
    std::vector<GuardReading> guards;  // one for each of the plan
    std::size_t relays = 0;            // active in the last minute
    std::size_t relays_behind = 0;     // of these, without the present step
    std::int64_t evaluations = 0;      // of `to` since the step
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

enum class Action { wait, hold, resume, advance, complete, rollback, turn_off, alert, cancel };
inline constexpr auto last_action = Action::cancel;
std::string_view name_of(Action action) noexcept;

struct Decision {
    Action action = Action::wait;
    Reason reason = Reason::none;
    std::optional<std::size_t> guard;  // the plan's, that decided it
    friend bool operator==(const Decision&, const Decision&) = default;
};

// "guard 1 (burn rate): 15 over 1h and 20 over 5m, at least 14.4"
std::string describe(const Plan& plan, const Decision& decision, const Evidence& evidence);

std::string progress_text(const Progress& progress);
Progress read_stored_progress(std::string_view text);
void write_evidence(json::Writer& w, const Evidence& evidence);
std::string evidence_text(const Evidence& evidence);

}  // namespace fanion::cp::rollouts
