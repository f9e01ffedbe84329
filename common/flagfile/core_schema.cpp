#include "common/flagfile/core_schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "common/base/text.hpp"

namespace fanion::flagfile {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view take_digits(std::string_view& text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto digits = text.substr(0, end);
    text.remove_prefix(end);
    return digits;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? in the spelling of JSON; nullopt if it is no
// number.
std::optional<std::string> decimal(std::string_view text) {
    std::string out;
    if (text.starts_with('-')) out = "-";
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    auto whole = take_digits(text);
    const bool has_whole = !whole.empty();
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    out += has_whole ? whole : "0";
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const auto fraction = take_digits(text);
        if (!has_whole && fraction.empty()) return std::nullopt;
        out += '.';
        out += fraction.empty() ? "0" : fraction;
    } else if (!has_whole) {
        return std::nullopt;
    }
    if (text.empty()) return out;
    if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
    out += text.front();
    text.remove_prefix(1);
    if (text.starts_with('-') || text.starts_with('+')) {
        out += text.front();
        text.remove_prefix(1);
    }
    const auto exponent = take_digits(text);
    if (exponent.empty() || !text.empty()) return std::nullopt;
    return out += exponent;
}

// 0o17 and 0x1F. Outer nullopt: not of this form.
std::optional<std::optional<std::string>> of_other_base(std::string_view text) {
    const int base = text.starts_with("0x") ? 16 : text.starts_with("0o") ? 8 : 0;
    if (base == 0 || text.size() == 2) return std::nullopt;
    const auto digits = text.substr(2);
    if (digits.find_first_not_of(base == 16 ? "0123456789abcdefABCDEF" : "01234567") != std::string_view::npos)
        return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
    if (error != std::errc()) return std::optional<std::string>();
    return std::optional<std::string>(std::to_string(number));
}

}  // namespace

std::optional<std::string> json_of_word(std::string_view word) {
    if (is_one_of(word, {"", "~", "null", "Null", "NULL"})) return "null";
    if (is_one_of(word, {"true", "True", "TRUE"})) return "true";
    if (is_one_of(word, {"false", "False", "FALSE"})) return "false";
    const auto unsigned_word = word.starts_with('-') || word.starts_with('+') ? word.substr(1) : word;
    if (is_one_of(unsigned_word, {".inf", ".Inf", ".INF"}) || is_one_of(word, {".nan", ".NaN", ".NAN"}))
        return std::nullopt;
    if (const auto number = of_other_base(word)) return *number;
    if (auto number = decimal(word)) return number;
    std::string out;
    append_json_string(out, word);
    return out;
}

bool is_plain(std::string_view text) {
    constexpr std::string_view starts = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/";
    constexpr std::string_view others = "0123456789-.@+/()!?= ";
    if (text.empty() || text.size() > 100 || starts.find(text.front()) == std::string_view::npos) return false;
    if (text.back() == ' ') return false;
    for (const char c : text)
        if (starts.find(c) == std::string_view::npos && others.find(c) == std::string_view::npos) return false;
    static constexpr std::array<std::string_view, 9> words{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    return std::find(words.begin(), words.end(), to_lower_ascii(text)) == words.end();
}

}  // namespace fanion::flagfile
