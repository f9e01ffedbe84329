#include "control-plane/schedules/repeat.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::schedules {
namespace {

namespace chrono = std::chrono;

constexpr std::string_view periods[] = {"day", "week", "month"};
constexpr std::string_view weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

template <std::size_t N>
std::optional<unsigned> index_in(const std::string_view (&names)[N], std::string_view name) {
    const auto found = std::find(std::begin(names), std::end(names), name);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<unsigned>(found - std::begin(names));
}

// "09:00"
std::optional<unsigned> minute_of(std::string_view text) {
    const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t at : {0u, 1u, 3u, 4u})
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
    const auto hour = digit(0) * 10 + digit(1);
    const auto minute = digit(3) * 10 + digit(4);
    if (hour > 23 || minute > 59) return std::nullopt;
    return hour * 60 + minute;
}

std::string time_text(unsigned minute_of_day) {
    std::string text = "00:00";
    const auto put = [&](std::size_t at, unsigned number) {
        text[at] = static_cast<char>('0' + number / 10);
        text[at + 1] = static_cast<char>('0' + number % 10);
    };
    put(0, minute_of_day / 60);
    put(3, minute_of_day % 60);
    return text;
}

bool is_on(const Repeat& repeat, chrono::sys_days date) {
    if (repeat.every == Every::week) return chrono::weekday(date).iso_encoding() == repeat.weekday + 1;
    if (repeat.every == Every::month) return static_cast<unsigned>(chrono::year_month_day(date).day()) == repeat.day;
    return true;
}

}  // namespace

UnixMillis next_time(const Repeat& repeat, UnixMillis after) {
    const chrono::sys_time<chrono::milliseconds> moment{chrono::milliseconds(after)};
    auto date = chrono::floor<chrono::days>(moment);
    for (;; date += chrono::days(1)) {  // at most 31 steps
        const auto at = date + chrono::minutes(repeat.minute_of_day);
        if (is_on(repeat, date) && at > moment) return chrono::milliseconds(at.time_since_epoch()).count();
    }
}

Repeat read_repeat(json::Reader& r) {
    Repeat repeat;
    const auto every = index_in(periods, r.string("every"));
    if (!every && body::has_string(r, "every")) r.fail_at("every", "unknown_period", "day, week or month");
    repeat.every = static_cast<Every>(every.value_or(0));
    const auto time = minute_of(r.string("time"));
    if (!time && body::has_string(r, "time")) r.fail_at("time", "bad_time", "a time of the day in UTC, as 09:00");
    repeat.minute_of_day = time.value_or(0);
    if (repeat.every == Every::week) {
        const auto weekday = index_in(weekdays, r.string("weekday"));
        if (!weekday && body::has_string(r, "weekday")) r.fail_at("weekday", "unknown_weekday", "monday to sunday");
        repeat.weekday = weekday.value_or(0);
    }
    if (repeat.every == Every::month) repeat.day = static_cast<unsigned>(r.integer("day", 1, 28));
    repeat.day = std::clamp(repeat.day, 1U, 28U);
    return repeat;
}

void write_repeat(json::Writer& w, const Repeat& repeat) {
    w.begin_object().member("every", periods[static_cast<std::size_t>(repeat.every)]);
    w.member("time", time_text(repeat.minute_of_day));
    if (repeat.every == Every::week) w.member("weekday", weekdays[repeat.weekday]);
    if (repeat.every == Every::month) w.member("day", static_cast<std::uint64_t>(repeat.day));
    w.end_object();
}

std::string to_text(const Repeat& repeat) {
    return body::text_of([&](json::Writer& w) { write_repeat(w, repeat); });
}

Repeat repeat_of(std::string_view text) { return body::read_stored(text, read_repeat); }

}  // namespace fanion::cp::schedules
