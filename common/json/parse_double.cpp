// In a file of its own because the WebAssembly module replaces it (sdk/wasm/module/parse_double.cpp): its standard
// library lacks from_chars() for double.

#include <algorithm>
#include <charconv>
#include <limits>

#include "common/json/document.hpp"

namespace fanion::json {
namespace {

// Whether a number that is out of range for a double is too small rather than too large: the position of its first
// nonzero digit and the exponent decide.
bool is_too_small(std::string_view number) noexcept {
    const auto mantissa = number.substr(0, number.find_first_of("eE"));
    const auto first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto place = static_cast<long long>(point) - static_cast<long long>(first);
    if (mantissa.size() == number.size()) return place <= 0;
    auto digits = number.substr(mantissa.size() + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    int exponent = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    return error == std::errc::result_out_of_range ? digits.starts_with('-') : place + exponent <= 0;
}

}  // namespace

double parse_double(std::string_view number) noexcept {
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc::result_out_of_range) return value;
    value = is_too_small(number) ? 0.0 : std::numeric_limits<double>::infinity();
    return number.starts_with('-') ? -value : value;
}

}  // namespace fanion::json
