#include "common/model/percent.hpp"

#include <algorithm>
#include <charconv>

namespace fanion::model {
namespace {

constexpr std::int64_t decimals = 3;  // of a percentage: a slot is 0.001 %
constexpr std::int64_t max_exponent =
    100;  // more than any number that is a percentage can need: limits::json_number_length is 64

// A JSON number as digits and a power of ten.
struct Decimal {
    std::string_view whole, fraction;
    std::int64_t exponent = 0;
};

std::optional<Decimal> parse_decimal(std::string_view text) noexcept {
    const auto digits = [&text] {
        const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
        const auto taken = text.substr(0, end);
        text.remove_prefix(end);
        return taken;
    };
    Decimal out;
    out.whole = digits();
    if (out.whole.empty() || (out.whole.size() > 1 && out.whole.front() == '0')) return std::nullopt;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        out.fraction = digits();
        if (out.fraction.empty()) return std::nullopt;
    }
    if (!text.starts_with('e') && !text.starts_with('E')) return text.empty() ? std::optional(out) : std::nullopt;
    text.remove_prefix(text.starts_with("e+") || text.starts_with("E+") ? 2 : 1);
    if (text.empty() || text == "-") return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.exponent);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out.exponent >= -max_exponent && out.exponent <= max_exponent ? std::optional(out) : std::nullopt;
}

// The digits from the first to the last that is not zero, as an integer, and the power of ten to multiply it by. When
// there are more than `max_digits`, they are only counted.
struct Significant {
    static constexpr std::size_t max_digits = 6;  // of a number of slots: 100000
    std::uint64_t digits = 0;
    std::size_t count = 0;
    std::int64_t power = 0;
};

Significant significant_of(const Decimal& decimal) {
    std::string digits(decimal.whole);
    digits += decimal.fraction;
    const auto first = digits.find_first_not_of('0');
    if (first == std::string::npos) return {};
    const auto last = digits.find_last_not_of('0');
    Significant out;
    out.count = last + 1 - first;
    out.power =
        static_cast<std::int64_t>(decimal.whole.size()) - static_cast<std::int64_t>(last) - 1 + decimal.exponent;
    if (out.count <= Significant::max_digits)
        std::from_chars(digits.data() + first, digits.data() + last + 1, out.digits);
    return out;
}

}  // namespace

std::optional<std::uint32_t> slots_of_percent(std::string_view text) {
    const auto decimal = parse_decimal(text);
    if (!decimal) return std::nullopt;
    auto [digits, count, power] = significant_of(*decimal);
    if (count == 0) return 0;
    power += decimals;
    if (count > Significant::max_digits || power < 0 || power >= static_cast<std::int64_t>(Significant::max_digits))
        return std::nullopt;
    for (; power > 0; --power) digits *= 10;
    return digits <= limits::slots ? std::optional(static_cast<std::uint32_t>(digits)) : std::nullopt;
}

std::string percent_of_slots(std::uint32_t slots) {
    auto text = std::to_string(slots / 1000);
    auto thousandths = std::to_string(1000 + slots % 1000).substr(1);
    thousandths.resize(thousandths.find_last_not_of('0') + 1);
    return thousandths.empty() ? text : text + "." + thousandths;
}

}  // namespace fanion::model
