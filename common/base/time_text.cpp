// RFC 3339 times. Calendar arithmetic is std::chrono's.

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>

#include "common/base/text.hpp"

namespace fanion {
namespace {

// Takes digits from the front one field at a time; the first failure sticks.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (text_.empty() || text_.front() < '0' || text_.front() > '9') {
                ok_ = false;
                return 0;
            }
            value = value * 10 + (text_.front() - '0');
            text_.remove_prefix(1);
        }
        return value;
    }
    bool take(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    void expect(char c) { ok_ = take(c) && ok_; }
    void fail() { ok_ = false; }
    bool at_digit() const { return !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; }
    bool done() const { return ok_ && text_.empty(); }

private:
    std::string_view text_;
    bool ok_ = true;
};

int read_fraction(Cursor& cursor) {  // milliseconds
    if (!cursor.take('.')) return 0;
    if (!cursor.at_digit()) cursor.fail();
    int millis = 0;
    for (int place = 100; cursor.at_digit(); place /= 10) millis += cursor.digits(1) * place;
    return millis;
}

std::chrono::minutes read_offset(Cursor& cursor) {
    if (cursor.take('Z') || cursor.take('z')) return std::chrono::minutes(0);
    const bool east = cursor.take('+');
    if (!east) cursor.expect('-');
    const int hours = cursor.digits(2);
    cursor.expect(':');
    const int minutes = cursor.digits(2);
    if (hours > 23 || minutes > 59) cursor.fail();
    const std::chrono::minutes offset(hours * 60 + minutes);
    return east ? offset : -offset;
}

// At least `width` digits, and what stands after them.
void append_digits(std::string& text, int number, std::size_t width, char after) {
    const auto digits = std::to_string(std::abs(number));
    if (number < 0) text += '-';
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text += digits;
    text += after;
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) noexcept {
    using namespace std::chrono;
    Cursor cursor(text);
    const year y(cursor.digits(4));
    cursor.expect('-');
    const month m(static_cast<unsigned>(cursor.digits(2)));
    cursor.expect('-');
    const day d(static_cast<unsigned>(cursor.digits(2)));
    if (!cursor.take('T') && !cursor.take('t')) cursor.expect(' ');
    const int hour = cursor.digits(2);
    cursor.expect(':');
    const int minute = cursor.digits(2);
    cursor.expect(':');
    const int second = cursor.digits(2);
    const int millis = read_fraction(cursor);
    const auto offset = read_offset(cursor);
    const year_month_day date(y, m, d);
    if (!cursor.done() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    // In milliseconds from the start: where hours and minutes count in 32 bits, the year 6053 would be past their end.
    const sys_time<milliseconds> midnight = sys_days(date);
    const auto time = midnight + hours(hour) + minutes(minute) + seconds(second) + milliseconds(millis) - offset;
    return time.time_since_epoch().count();
}

std::string format_rfc3339(std::int64_t unix_millis) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds(unix_millis)};
    const auto days = floor<std::chrono::days>(time);
    const year_month_day date(days);
    const hh_mm_ss clock(time - days);
    // Not by printf: an index of flags has tens of thousands of times.
    std::string text;
    text.reserve(sizeof "2026-12-01T00:00:00.000Z");
    append_digits(text, static_cast<int>(date.year()), 4, '-');
    append_digits(text, static_cast<int>(static_cast<unsigned>(date.month())), 2, '-');
    append_digits(text, static_cast<int>(static_cast<unsigned>(date.day())), 2, 'T');
    append_digits(text, static_cast<int>(clock.hours().count()), 2, ':');
    append_digits(text, static_cast<int>(clock.minutes().count()), 2, ':');
    append_digits(text, static_cast<int>(clock.seconds().count()), 2, '.');
    append_digits(text, static_cast<int>(clock.subseconds().count()), 3, 'Z');
    return text;
}

}  // namespace fanion
