// Which series may be asked for.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/events/series.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::events;

namespace {

UnixMillis at(const char* time) { return *cp::body::parse_time(time); }
const UnixMillis now = at("2026-11-29T12:34:56Z");

std::string range_of(const char* from, const char* to, Step step) {
    const auto range = whole_steps({at(from), at(to)}, step, now);
    if (range) return format_rfc3339(range->from) + ' ' + format_rfc3339(range->to);
    const auto finding = range.error().findings.at(0);
    return finding.pointer + ' ' + finding.code + ": " + finding.detail;
}

}  // namespace

TEST_CASE("a range is widened to whole steps") {
    CHECK(range_of("2026-11-29T10:10:30Z", "2026-11-29T10:12:00Z", Step::minute) ==
          "2026-11-29T10:10:00.000Z 2026-11-29T10:12:00.000Z");
    CHECK(range_of("2026-11-29T10:10:30Z", "2026-11-29T12:34:56Z", Step::hour) ==
          "2026-11-29T10:00:00.000Z 2026-11-29T13:00:00.000Z");
    CHECK(range_of("2026-11-27T10:10:30Z", "2026-11-29T00:00:00Z", Step::day) ==
          "2026-11-27T00:00:00.000Z 2026-11-29T00:00:00.000Z");
    CHECK(floor_to(Step::day, -1) == -one_day);
}

TEST_CASE("a step that is not kept, or makes too many points, is refused with the one that fits") {
    CHECK(range_of("2026-11-27T12:00:00Z", "2026-11-27T13:00:00Z", Step::minute) ==
          "2026-11-27T12:00:00.000Z 2026-11-27T13:00:00.000Z");
    CHECK(range_of("2026-11-27T11:59:59Z", "2026-11-27T13:00:00Z", Step::minute) ==
          "?step thinned: counts before 2026-11-27T12:00:00.000Z are not kept by the minute: step=hour fits");
    CHECK(range_of("2026-11-27T13:00:00Z", "2026-11-29T12:00:00Z", Step::minute) ==
          "?step too_many_points: a series has at most 2000 points: step=hour fits");
    CHECK(range_of("2026-08-31T00:00:00Z", "2026-11-01T00:00:00Z", Step::hour) ==
          "2026-08-31T00:00:00.000Z 2026-11-01T00:00:00.000Z");
    CHECK(range_of("2026-08-30T23:00:00Z", "2026-09-01T00:00:00Z", Step::hour) ==
          "?step thinned: counts before 2026-08-31T00:00:00.000Z are not kept by the hour: step=day fits");
    CHECK(range_of("2026-08-31T00:00:00Z", "2026-11-29T00:00:00Z", Step::hour) ==
          "?step too_many_points: a series has at most 2000 points: step=day fits");
    CHECK(range_of("2001-01-01T00:00:00Z", "2026-11-29T00:00:00Z", Step::day) ==
          "?step too_many_points: a series has at most 2000 points: choose a later `from`");
    CHECK(range_of("2026-11-29T00:00:00Z", "2026-11-29T00:00:00Z", Step::day) ==
          "?from out_of_range: `from` must be before `to`");
}

TEST_CASE("a thinned count is in a whole hour or day of what is kept") {
    CHECK(kept_since(Step::minute, now) == at("2026-11-27T12:00:00Z"));
    CHECK(kept_since(Step::hour, now) == at("2026-08-31T00:00:00Z"));
    CHECK(parse_step("minute") == Step::minute);
    CHECK_FALSE(parse_step("week").has_value());
}
