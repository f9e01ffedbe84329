#include "control-plane/events/series.hpp"

#include <array>
#include <limits>

#include "common/base/text.hpp"

namespace fanion::cp::events {
namespace {

constexpr std::array all_steps{Step::minute, Step::hour, Step::day};

Error bad_range(std::string pointer, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", std::move(pointer), std::move(code), detail}}};
}

Range widened(Range asked, Step step) {
    return {floor_to(step, asked.from), floor_to(step, asked.to - 1) + length_of(step)};
}

bool has_few_points(Range asked, Step step) {
    const auto range = widened(asked, step);
    return (range.to - range.from) / length_of(step) <= static_cast<std::int64_t>(most_points);
}

bool is_kept(Range asked, Step step, UnixMillis now) { return widened(asked, step).from >= kept_since(step, now); }

std::string advice(Range asked, UnixMillis now) {
    for (const auto step : all_steps)
        if (has_few_points(asked, step) && is_kept(asked, step, now))
            return "step=" + std::string(name_of(step)) + " fits";
    return "choose a later `from`";
}

}  // namespace

std::string_view name_of(Step step) noexcept {
    switch (step) {
        case Step::minute:
            return "minute";
        case Step::hour:
            return "hour";
        case Step::day:
            return "day";
    }
    return "";
}

std::optional<Step> parse_step(std::string_view name) noexcept {
    for (const auto step : all_steps)
        if (name_of(step) == name) return step;
    return std::nullopt;
}

UnixMillis length_of(Step step) noexcept {
    return step == Step::minute ? one_minute : step == Step::hour ? one_hour : one_day;
}

UnixMillis floor_to(Step step, UnixMillis at) noexcept {
    const auto rest = at % length_of(step);
    return at - (rest < 0 ? rest + length_of(step) : rest);
}

UnixMillis kept_since(Step step, UnixMillis now) noexcept {
    if (step == Step::day) return std::numeric_limits<UnixMillis>::min();
    return step == Step::minute ? floor_to(Step::hour, now - minutes_kept) : floor_to(Step::day, now - hours_kept);
}

Result<Range> whole_steps(Range asked, Step step, UnixMillis now) {
    if (asked.from >= asked.to) return bad_range("?from", "out_of_range", "`from` must be before `to`");
    if (!has_few_points(asked, step))
        return bad_range("?step", "too_many_points",
                         "a series has at most " + std::to_string(most_points) + " points: " + advice(asked, now));
    if (!is_kept(asked, step, now))
        return bad_range("?step", "thinned",
                         "counts before " + format_rfc3339(kept_since(step, now)) + " are not kept by the " +
                             std::string(name_of(step)) + ": " + advice(asked, now));
    return widened(asked, step);
}

}  // namespace fanion::cp::events
