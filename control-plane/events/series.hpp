#pragma once

// Counts of evaluations over time: which steps there are, and which of them an age and a range
// allow. Pure.
//
// Counts are kept by the minute for two days, then by the hour, after 90 days by the day. A row
// that is kept by the hour or day is named by its beginning. Hours and days are those of UTC.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"

namespace fanion::cp::events {

inline constexpr UnixMillis one_minute = 60'000;
inline constexpr UnixMillis one_hour = 60 * one_minute;
inline constexpr UnixMillis one_day = 24 * one_hour;
inline constexpr UnixMillis minutes_kept = 2 * one_day;
inline constexpr UnixMillis hours_kept = 90 * one_day;
inline constexpr std::size_t most_points = 2'000;

enum class Step { minute, hour, day };
std::string_view name_of(Step step) noexcept;
std::optional<Step> parse_step(std::string_view name) noexcept;
UnixMillis length_of(Step step) noexcept;

// The beginning of the step that `at` is in.
UnixMillis floor_to(Step step, UnixMillis at) noexcept;
// What began before is kept by longer steps than this one. INT64_MIN for days.
UnixMillis kept_since(Step step, UnixMillis now) noexcept;

struct Range {
    UnixMillis from = 0;  // included
    UnixMillis to = 0;    // not included
};
// The whole steps that have a part in the range. Errors: invalid_input, with a finding about
// "?step" that names the shortest step that fits, or about "?from".
Result<Range> whole_steps(Range asked, Step step, UnixMillis now);

}  // namespace fanion::cp::events
