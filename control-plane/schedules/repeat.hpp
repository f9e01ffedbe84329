#pragma once

// Times that repeat, in UTC. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::schedules {

enum class Every { day, week, month };

struct Repeat {
    Every every = Every::day;
    unsigned minute_of_day = 0;
    unsigned weekday = 0;  // of Every::week: 0 Monday .. 6 Sunday
    unsigned day = 1;      // of Every::month: 1 to 28, which every month has
    friend bool operator==(const Repeat&, const Repeat&) = default;
};

// The first such time after `after`.
UnixMillis next_time(const Repeat& repeat, UnixMillis after);

// {"every":"day","time":"09:00"}, with "weekday":"monday" for a week and "day":1 for a month.
// Findings: unknown_period, bad_time, unknown_weekday, out_of_range.
Repeat read_repeat(json::Reader& r);
void write_repeat(json::Writer& w, const Repeat& repeat);
// JSON as stored, and back.
std::string to_text(const Repeat& repeat);
Repeat repeat_of(std::string_view text);

}  // namespace fanion::cp::schedules
