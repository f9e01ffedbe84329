#include "common/eval/operators/number.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {
namespace {

const char* skip_digits(const char* p, const char* end) noexcept {
    while (p < end && is_digit(*p)) ++p;
    return p;
}

Number of_double(double value) noexcept {
    Number number;
    if (std::abs(value) < 0x1p64 && std::trunc(value) == value) {
        number.magnitude = static_cast<std::uint64_t>(std::abs(value));
        number.negative = value < 0;
    } else {
        number.is_integer = false;
        number.real = value;
    }
    return number;
}

// The end of the fraction and exponent that start at `p`, or null when they are malformed.
const char* skip_fraction_and_exponent(const char* p, const char* end) noexcept {
    if (p < end && *p == '.') {
        const char* digits = ++p;
        p = skip_digits(p, end);
        if (p == digits) return nullptr;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        ++p;
        if (p < end && (*p == '+' || *p == '-')) ++p;
        const char* digits = p;
        p = skip_digits(p, end);
        if (p == digits) return nullptr;
    }
    return p;
}

// A decimal number read digit by digit, held as an integer of 64 bits and a power of ten that is still to be applied.
class ExactInteger {
public:
    void digit(char c) noexcept {
        if (c == '0') {
            ++zeros_;
            return;
        }
        raise(zeros_);
        zeros_ = 0;
        raise(1);
        fits_ = !__builtin_add_overflow(magnitude_, static_cast<std::uint64_t>(c - '0'), &magnitude_) && fits_;
    }
    // The magnitude times 10^exponent, where that is an integer of at most 64 bits.
    std::optional<std::uint64_t> times_ten_to(long exponent) noexcept {
        if (magnitude_ == 0 && fits_) return 0;
        if (exponent + zeros_ < 0) return std::nullopt;
        raise(exponent + zeros_);
        return fits_ ? std::optional(magnitude_) : std::nullopt;
    }

private:
    void raise(long power) noexcept {
        if (magnitude_ == 0) return;
        for (; power > 0 && fits_; --power) fits_ = !__builtin_mul_overflow(magnitude_, std::uint64_t{10}, &magnitude_);
    }

    std::uint64_t magnitude_ = 0;
    long zeros_ = 0;  // read since the last digit that is not zero
    bool fits_ = true;
};

// The number whose well-formed text, without its sign, is [p, end), where it is an integer of at most 64 bits: 1.0 and
// 1e3 are, 25e-1 is not.
std::optional<std::uint64_t> integer_of(const char* p, const char* end) noexcept {
    constexpr long far = 1'000'000;  // beyond what the digits of a 64 KiB text can compensate
    ExactInteger number;
    long power = 0;
    for (; p < end && is_digit(*p); ++p) number.digit(*p);
    if (p < end && *p == '.') {
        for (++p; p < end && is_digit(*p); ++p, --power) number.digit(*p);
    }
    if (p < end) {
        const bool negative = *++p == '-';
        if (!is_digit(*p)) ++p;
        long exponent = 0;
        for (; p < end; ++p) exponent = std::min(exponent * 10 + (*p - '0'), far);
        power += negative ? -exponent : exponent;
    }
    return number.times_ten_to(power);
}

// Exact for every 64-bit integer and every double where long double has 64 bits of precision: on x86 (80-bit format),
// and on AArch64 and WebAssembly (128-bit format).
static_assert(std::numeric_limits<long double>::digits >= 64);
long double wide(const Number& number) noexcept {
    if (!number.is_integer) return number.real;
    const auto magnitude = static_cast<long double>(number.magnitude);
    return number.negative ? -magnitude : magnitude;
}

}  // namespace

Number Number::of(std::int64_t value) noexcept {
    Number number;
    number.negative = value < 0;
    number.magnitude = number.negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    return number;
}

std::optional<Number> parse_number(std::string_view text) noexcept {
    const char* p = text.data();
    const char* end = p + text.size();
    const bool negative = p < end && *p == '-';
    if (negative) ++p;
    if (p == end || !is_digit(*p)) return std::nullopt;
    const char* digits = p;
    Number number;
    bool fits = true;
    for (; p < end && is_digit(*p); ++p) {
        const auto digit = static_cast<std::uint64_t>(*p - '0');
        fits = !__builtin_mul_overflow(number.magnitude, std::uint64_t{10}, &number.magnitude) && fits;
        fits = !__builtin_add_overflow(number.magnitude, digit, &number.magnitude) && fits;
    }
    if (*digits == '0' && p - digits > 1) return std::nullopt;
    if (p == end && fits) {
        number.negative = negative && number.magnitude != 0;
        return number;
    }
    if (skip_fraction_and_exponent(p, end) != end) return std::nullopt;
    if (const auto magnitude = integer_of(digits, end)) {
        number.magnitude = *magnitude;
        number.negative = negative && *magnitude != 0;
        return number;
    }
    return of_double(json::parse_double(text));
}

std::weak_ordering compare(const Number& a, const Number& b) noexcept {
    if (a.is_integer && b.is_integer) {
        if (a.negative != b.negative) return a.negative ? std::weak_ordering::less : std::weak_ordering::greater;
        return a.negative ? b.magnitude <=> a.magnitude : a.magnitude <=> b.magnitude;
    }
    const auto x = wide(a);
    const auto y = wide(b);
    if (x < y) return std::weak_ordering::less;
    return x > y ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

}  // namespace fanion::eval
