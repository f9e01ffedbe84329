#pragma once

// A change at a time, or repeating. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/schedules/change.hpp"
#include "control-plane/schedules/creator.hpp"
#include "control-plane/schedules/repeat.hpp"

namespace fanion::cp::schedules {

using ScheduleId = StrongId<struct ScheduleIdTag>;

inline constexpr std::size_t most_schedules = 500;  // of an organisation, that are active or paused
inline constexpr unsigned most_failures = 5;        // in a row; then a schedule has failed

enum class ScheduleState { active, paused, done, failed, cancelled };
std::string_view name_of(ScheduleState state) noexcept;
std::optional<ScheduleState> parse_schedule_state(std::string_view name) noexcept;

struct NewSchedule {
    std::string name;
    Change change;
    std::optional<Repeat> repeat;
    UnixMillis due_at = 0;
};

struct Schedule {
    ScheduleId schedule_id;
    std::uint64_t number = 0;  // in the order of their creation
    std::string name;
    Change change;
    std::optional<Repeat> repeat;  // none: once
    Creator creator;
    ScheduleState state = ScheduleState::active;
    UnixMillis due_at = 0;               // the next time; of one that has ended, the last
    std::optional<UnixMillis> retry_at;  // after a failure that may pass
    unsigned failures = 0;               // since it last worked
    std::optional<UnixMillis> last_run_at;
    std::string last_error;  // empty: it worked
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
    friend bool operator==(const Schedule&, const Schedule&) = default;
};

// A body with `change`, and one of `at` and `repeat`. Errors: invalid_input with findings.
Result<NewSchedule> read_schedule(json::Value body, const ChangePlace& place, UnixMillis now);

// PATCH: `name`, `state` (active or paused), and one of `at` and `repeat`. One that goes on has its
// next time after `now`. Version and dates stay: the result equals `present` when nothing changes.
// Errors: invalid_input with findings.
Result<Schedule> patch_schedule(const Schedule& present, json::Value patch, UnixMillis now);
// Whether it is made at another time, or at all.
bool is_rescheduled(const Schedule& before, const Schedule& after);

enum class RunResult {
    done,
    refused,      // by what the change finds: repeating it now would not help
    unavailable,  // the system could not do it
};
// What a run makes of the schedule. One that was due several times has run for all of them. A
// refused change is not repeated: a single one has failed, a repeating one waits for its next time,
// until most_failures in a row.
Schedule after_run(Schedule schedule, RunResult result, std::string error, UnixMillis now);

std::string schedule_text(const Schedule& schedule);
void write_schedule(json::Writer& w, const Schedule& schedule);

}  // namespace fanion::cp::schedules
