#include "control-plane/schedules/schedule.hpp"

#include <algorithm>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::schedules {
namespace {

constexpr std::string_view state_names[] = {"active", "paused", "done", "failed", "cancelled"};
constexpr UnixMillis first_pause = 5'000;
constexpr std::size_t most_error_bytes = 1000;
constexpr std::size_t most_name_bytes = 200;

Change read_one_change(json::Reader& r, const ChangePlace& place) {
    auto reader = r.object("change");
    if (!reader.is_object()) return {};
    auto change = read_change(reader, place);
    reader.finish(json::UnknownFields::refuse);
    return change;
}

constexpr char one_time[] = "give one of `at` and `repeat`";

// The members `at` and `repeat`, of which at most one is given; null is as if it were not.
struct GivenTime {
    bool is_given = false;
    std::optional<Repeat> repeat;
    UnixMillis due_at = 0;
};
GivenTime read_time(json::Reader& r, UnixMillis now) {
    GivenTime time;
    const auto at = body::read_future_time(r, "at", now);
    if (auto reader = r.optional_object("repeat")) {
        time.repeat = read_repeat(*reader);
        reader->finish(json::UnknownFields::refuse);
    }
    const bool has_at = r.has("at") && !r.is_null("at");
    const bool has_repeat = r.has("repeat") && !r.is_null("repeat");
    if (has_at && has_repeat) r.fail_at("at", "malformed", one_time);
    time.is_given = has_at || has_repeat;
    time.due_at = time.repeat ? next_time(*time.repeat, now) : at.value_or(now);
    return time;
}

void patch_state(json::Reader& r, Schedule& schedule) {
    if (!r.has("state")) return;
    const auto name = r.string("state");
    const auto state = parse_schedule_state(name);
    if (state == ScheduleState::active || state == ScheduleState::paused) {
        schedule.state = *state;
    } else if (body::has_string(r, "state") && state != schedule.state) {
        r.fail_at("state", "unknown_state", "a schedule is set to `active` or `paused`");
    }
}

// One that goes on after a pause or a failure.
void find_next_time(json::Reader& r, Schedule& schedule, UnixMillis now) {
    if (schedule.due_at > now) return;
    if (schedule.repeat) {
        schedule.due_at = next_time(*schedule.repeat, now);
    } else {
        r.fail_at("at", "in_the_past", "its time has passed: give another one");
    }
}

}  // namespace

std::string_view name_of(ScheduleState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }

std::optional<ScheduleState> parse_schedule_state(std::string_view name) noexcept {
    const auto found = std::find(std::begin(state_names), std::end(state_names), name);
    if (found == std::end(state_names)) return std::nullopt;
    return static_cast<ScheduleState>(found - std::begin(state_names));
}

Result<NewSchedule> read_schedule(json::Value body, const ChangePlace& place, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        NewSchedule made;
        made.name = body::read_text(r, "name", most_name_bytes);
        made.change = read_one_change(r, place);
        const auto time = read_time(r, now);
        if (!time.is_given) r.fail_at("at", "malformed", one_time);
        made.repeat = time.repeat;
        made.due_at = time.due_at;
        return made;
    });
}

Result<Schedule> patch_schedule(const Schedule& present, json::Value patch, UnixMillis now) {
    return body::read_object(patch, [&](json::Reader& r, std::vector<Finding>&) {
        auto after = present;
        after.name = body::read_text(r, "name", most_name_bytes, present.name);
        patch_state(r, after);
        const auto time = read_time(r, now);
        const bool goes_on = after.state == ScheduleState::active && present.state != ScheduleState::active;
        if (time.is_given) {
            after.repeat = time.repeat;
            after.due_at = time.due_at;
        } else if (r.has("repeat") && present.repeat) {
            r.fail_at("at", "missing", "one that does not repeat has a time");
        } else if (goes_on) {
            find_next_time(r, after, now);
        }
        if (r.optional_any("change"))
            r.fail_at("change", "read_only", "a change stays as it is: cancel the schedule and create another");
        if (!is_rescheduled(present, after)) return after;
        after.retry_at.reset();
        after.failures = 0;
        return after;
    });
}

bool is_rescheduled(const Schedule& before, const Schedule& after) {
    const bool goes_on = after.state == ScheduleState::active && before.state != ScheduleState::active;
    return goes_on || before.due_at != after.due_at || before.repeat != after.repeat;
}

Schedule after_run(Schedule schedule, RunResult result, std::string error, UnixMillis now) {
    schedule.retry_at.reset();
    schedule.last_run_at = schedule.updated_at = now;
    schedule.version += 1;
    if (error.size() > most_error_bytes) error = "the change was refused";  // never cut within a character
    schedule.last_error = std::move(error);
    schedule.failures = result == RunResult::done ? 0 : schedule.failures + 1;
    const bool gives_up = schedule.failures >= most_failures || (result == RunResult::refused && !schedule.repeat);
    if (gives_up) {
        schedule.state = ScheduleState::failed;
    } else if (result == RunResult::unavailable) {
        schedule.retry_at = now + (first_pause << schedule.failures);
    } else if (schedule.repeat) {
        schedule.due_at = next_time(*schedule.repeat, std::max(now, schedule.due_at));
    } else {
        schedule.state = ScheduleState::done;
    }
    return schedule;
}

void write_schedule(json::Writer& w, const Schedule& schedule) {
    const bool is_active = schedule.state == ScheduleState::active;
    w.begin_object().member("id", schedule.schedule_id.str()).member("name", schedule.name);
    w.member("state", name_of(schedule.state)).key("change");
    write_change(w, schedule.change);
    w.key("repeat");
    if (schedule.repeat) {
        write_repeat(w, *schedule.repeat);
    } else {
        w.null();
    }
    w.key("created_by");
    write_creator(w, schedule.creator);
    body::write_time(w, "next_at",
                     is_active ? std::optional(schedule.retry_at.value_or(schedule.due_at)) : std::nullopt);
    w.member("due_at", format_rfc3339(schedule.due_at));
    w.member("failures", static_cast<std::uint64_t>(schedule.failures));
    body::write_time(w, "last_run_at", schedule.last_run_at);
    w.member("last_error", schedule.last_error).member("created_at", format_rfc3339(schedule.created_at));
    w.member("updated_at", format_rfc3339(schedule.updated_at)).member("version", schedule.version).end_object();
}

std::string schedule_text(const Schedule& schedule) {
    return body::text_of([&](json::Writer& w) { write_schedule(w, schedule); });
}

}  // namespace fanion::cp::schedules
