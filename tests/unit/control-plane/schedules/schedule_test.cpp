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

std::vector<std::string> refusal(const std::string& text) {
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
    CHECK(refusal("{" + change + "}") == Codes{"/at malformed"});
    CHECK(refusal("{" + change + R"(,"at":"2027-01-01T00:00:00Z","repeat":{"every":"day","time":"09:00"}})") ==
          Codes{"/at malformed"});
    CHECK(refusal("{" + change + R"(,"at":"2026-11-29T12:00:00Z"})") == Codes{"/at in_the_past"});
    CHECK(refusal("{" + change + R"(,"at":"soon"})") == Codes{"/at bad_time"});
    CHECK(refusal("{" + change + R"(,"repeat":{"every":"day"}})") == Codes{"/repeat/time missing"});
    CHECK(refusal(R"({"at":"2027-01-01T00:00:00Z"})") == Codes{"/change missing"});
    json::Document document;
    REQUIRE(document.parse("{" + change + R"(,"repeat":{"every":"day","time":"09:00"}})"));
    const auto made = read_schedule(document.root(), {"web", "production"}, noon);
    REQUIRE(made);
    CHECK(format_rfc3339(made->due_at) == "2026-11-30T09:00:00.000Z");
}
