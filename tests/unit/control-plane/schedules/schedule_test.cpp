#include "control-plane/schedules/schedule.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::schedules;

namespace {

const UnixMillis noon = *parse_rfc3339("2026-11-29T12:00:00Z");
constexpr UnixMillis day = 24LL * 60 * 60 * 1000;

Schedule once() {
    Schedule schedule;
    schedule.due_at = noon;
    return schedule;
}

Schedule daily() {
    auto schedule = once();
    schedule.repeat = Repeat{Every::day, 12 * 60, 0, 1};
    return schedule;
}

std::vector<std::string> schedule_refusal(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    const auto read = read_schedule(document.root(), {"web", "production"}, noon);
    REQUIRE_FALSE(read);
    std::vector<std::string> codes;
    for (const auto& finding : read.error().findings) codes.push_back(finding.pointer + ' ' + finding.code);
    return codes;
}

const std::string change = R"("change":{"method":"DELETE","path":"projects/web/flags/f"})";

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a single run ends its schedule") {
    const auto done = after_run(once(), RunResult::done, "", noon + 5);
    CHECK(done.state == ScheduleState::done);
    CHECK(done.last_run_at == noon + 5);
    CHECK(done.version == 2);
    const auto refused = after_run(once(), RunResult::refused, "no", noon);
    CHECK(refused.state == ScheduleState::failed);
    CHECK(refused.last_error == "no");
}

TEST_CASE("what was not available is tried again, ever later, and given up") {
    auto schedule = once();
    std::vector<UnixMillis> pauses;
    auto now = noon;
    while (schedule.state == ScheduleState::active && pauses.size() < 10) {
        schedule = after_run(schedule, RunResult::unavailable, "down", now);
        if (schedule.retry_at) pauses.push_back(*schedule.retry_at - now);
        now = schedule.retry_at.value_or(now);
    }
    CHECK(schedule.state == ScheduleState::failed);
    CHECK(pauses == std::vector<UnixMillis>{10'000, 20'000, 40'000, 80'000});
    CHECK(schedule.due_at == noon);
    schedule = after_run(once(), RunResult::unavailable, "down", noon);
    const auto done = after_run(schedule, RunResult::done, "", noon + 10'000);
    CHECK(done.state == ScheduleState::done);
    CHECK(done.failures == 0);
    CHECK(done.retry_at == std::nullopt);
    CHECK(done.last_error.empty());
}

TEST_CASE("a repeating schedule goes on, unless it fails five times in a row") {
    const auto done = after_run(daily(), RunResult::done, "", noon + 3);
    CHECK(done.state == ScheduleState::active);
    CHECK(done.due_at == noon + day);
    auto failing = daily();
    for (unsigned i = 1; i < most_failures; ++i) {
        failing = after_run(failing, RunResult::refused, "no", failing.due_at);
        CHECK(failing.state == ScheduleState::active);
        CHECK(failing.due_at == noon + day * static_cast<UnixMillis>(i));
    }
    const auto recovered = after_run(failing, RunResult::done, "", failing.due_at);
    CHECK(recovered.failures == 0);
    CHECK(after_run(failing, RunResult::refused, "no", failing.due_at).state == ScheduleState::failed);
}

TEST_CASE("times that were missed are one run") {
    const auto late = after_run(daily(), RunResult::done, "", noon + 3 * day + 1);
    CHECK(late.due_at == noon + 4 * day);
}

TEST_CASE("a schedule is once or repeating") {
    CHECK(schedule_refusal("{" + change + "}") == Codes{"/at malformed"});
    CHECK(schedule_refusal("{" + change + R"(,"at":"2027-01-01T00:00:00Z","repeat":{"every":"day","time":"09:00"}})") ==
          Codes{"/at malformed"});
    CHECK(schedule_refusal("{" + change + R"(,"at":"2026-11-29T12:00:00Z"})") == Codes{"/at in_the_past"});
    CHECK(schedule_refusal("{" + change + R"(,"at":"soon"})") == Codes{"/at bad_time"});
    CHECK(schedule_refusal("{" + change + R"(,"repeat":{"every":"day"}})") == Codes{"/repeat/time missing"});
    CHECK(schedule_refusal(R"({"at":"2027-01-01T00:00:00Z"})") == Codes{"/change missing"});
    json::Document document;
    REQUIRE(document.parse("{" + change + R"(,"repeat":{"every":"day","time":"09:00"}})"));
    const auto made = read_schedule(document.root(), {"web", "production"}, noon);
    REQUIRE(made);
    CHECK(format_rfc3339(made->due_at) == "2026-11-30T09:00:00.000Z");
}

namespace {

Result<Schedule> patched(const Schedule& present, const std::string& text, UnixMillis now = noon - day) {
    json::Document document;
    REQUIRE(document.parse(text));
    return patch_schedule(present, document.root(), now);
}

Codes patch_refusal(const Schedule& present, const std::string& text, UnixMillis now = noon - day) {
    const auto after = patched(present, text, now);
    REQUIRE_FALSE(after);
    Codes codes;
    for (const auto& finding : after.error().findings) codes.push_back(finding.pointer + ' ' + finding.code);
    return codes;
}

Schedule with(Schedule schedule, ScheduleState state) {
    schedule.state = state;
    return schedule;
}

}  // namespace

TEST_CASE("a patch changes what it names") {
    CHECK(*patched(once(), "{}") == once());
    CHECK_FALSE(is_rescheduled(once(), *patched(once(), R"({"name":"n","state":"active"})")));
    CHECK(patched(once(), R"({"name":"n"})")->name == "n");
    const auto later = *patched(once(), R"({"at":"2026-12-01T09:00:00Z","repeat":null})");
    CHECK(format_rfc3339(later.due_at) == "2026-12-01T09:00:00.000Z");
    CHECK(is_rescheduled(once(), later));
    const auto weekly = *patched(once(), R"({"repeat":{"every":"week","time":"09:00","weekday":"monday"}})");
    CHECK(format_rfc3339(weekly.due_at) == "2026-11-30T09:00:00.000Z");
    CHECK(weekly.repeat->weekday == 0);
    const auto single = *patched(daily(), R"({"at":"2026-12-01T09:00:00Z"})");
    CHECK_FALSE(single.repeat);
    auto failing = after_run(once(), RunResult::unavailable, "down", noon);
    failing = *patched(failing, R"({"at":"2026-12-01T09:00:00Z"})", noon);
    CHECK(failing.failures == 0);
    CHECK_FALSE(failing.retry_at);
}

TEST_CASE("what passed during a pause is left out") {
    const auto paused = *patched(daily(), R"({"state":"paused"})");
    CHECK(paused.state == ScheduleState::paused);
    CHECK_FALSE(is_rescheduled(daily(), paused));
    CHECK(patched(paused, R"({"state":"active"})", noon - 1)->due_at == noon);
    CHECK(patched(paused, R"({"state":"active"})", noon + 5 * day)->due_at == noon + 6 * day);
    const auto single = with(once(), ScheduleState::paused);
    CHECK(patched(single, R"({"state":"active"})", noon - 1)->due_at == noon);
    CHECK(patch_refusal(single, R"({"state":"active"})", noon) == Codes{"/at in_the_past"});
    CHECK(patched(single, R"({"state":"active","at":"2026-12-01T09:00:00Z"})", noon)->state == ScheduleState::active);
    CHECK(patched(with(daily(), ScheduleState::failed), R"({"state":"active"})", noon)->due_at == noon + day);
}

TEST_CASE("a patch that makes no schedule is refused with its place") {
    CHECK(patch_refusal(once(), R"({"at":"2026-12-01T09:00:00Z","repeat":{"every":"day","time":"09:00"}})") ==
          Codes{"/at malformed"});
    CHECK(patch_refusal(daily(), R"({"repeat":null})") == Codes{"/at missing"});
    CHECK(patch_refusal(once(), R"({"at":"2026-11-29T12:00:00Z"})", noon) == Codes{"/at in_the_past"});
    CHECK(patch_refusal(once(), R"({"state":"done"})") == Codes{"/state unknown_state"});
    CHECK(patch_refusal(once(), R"({"state":7})") == Codes{"/state wrong_type"});
    CHECK(patch_refusal(once(), "{" + change + "}") == Codes{"/change read_only"});
    CHECK(patch_refusal(once(), R"({"due_at":"x"})") == Codes{"/due_at unknown_field"});
}
