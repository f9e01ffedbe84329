#include "common/eval/operators/semver.hpp"

#include <algorithm>

namespace fanion::eval {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_identifier_char(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool is_all_digits(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_digit); }

bool is_numeric_identifier(std::string_view text) noexcept {
    return !text.empty() && is_all_digits(text) && (text.size() == 1 || text.front() != '0');
}

// Removes and returns the text before the next dot.
std::string_view take_identifier(std::string_view& rest) noexcept {
    const auto dot = rest.find('.');
    const auto identifier = rest.substr(0, dot);
    rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    return identifier;
}

std::string_view take_number(std::string_view& rest) noexcept {
    return rest.empty() ? std::string_view("0") : take_identifier(rest);
}

// Dot-separated identifiers, none empty; `strict` forbids leading zeros in numeric ones (pre-release, not build).
bool are_identifiers(std::string_view text, bool strict) noexcept {
    for (;;) {
        const auto dot = text.find('.');
        const auto identifier = text.substr(0, dot);
        if (identifier.empty() || !std::all_of(identifier.begin(), identifier.end(), is_identifier_char)) return false;
        if (strict && is_all_digits(identifier) && !is_numeric_identifier(identifier)) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::weak_ordering compare_digits(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

std::weak_ordering compare_identifiers(std::string_view a, std::string_view b) noexcept {
    const bool a_is_number = is_all_digits(a);
    const bool b_is_number = is_all_digits(b);
    if (a_is_number && b_is_number) return compare_digits(a, b);
    if (a_is_number != b_is_number) return a_is_number ? std::weak_ordering::less : std::weak_ordering::greater;
    return a.compare(b) <=> 0;
}

std::weak_ordering compare_pre(std::string_view a, std::string_view b) noexcept {
    if (a.empty() || b.empty()) return b.size() <=> a.size();  // a release is higher than its pre-releases
    while (!a.empty() && !b.empty()) {
        const auto order = compare_identifiers(take_identifier(a), take_identifier(b));
        if (order != 0) return order;
    }
    return a.size() <=> b.size();
}

// The version behind a capital V, if that is what the text is.
[[gnu::noinline, gnu::cold]] std::optional<SemVer> parse_behind_capital_v(std::string_view text) noexcept {
    if (text.size() < 2 || text[0] != 'V' || !is_digit(text[1])) return std::nullopt;
    return parse_semver(text.substr(1));
}

// Parses what follows the numbers: pre-release and build metadata.
std::optional<SemVer> parse_rest(std::string_view text, SemVer version) noexcept {
    if (const auto plus = text.find('+'); plus != std::string_view::npos) {
        if (!are_identifiers(text.substr(plus + 1), false)) return std::nullopt;
        text = text.substr(0, plus);
    }
    if (text.empty()) return version;
    version.pre = text.substr(1);
    if (text.front() != '-' || !are_identifiers(version.pre, true)) return std::nullopt;
    return version;
}

// Parses what follows the third number. Most versions end there: this is kept out of their path.
[[gnu::noinline, gnu::cold]] std::optional<SemVer> parse_further_numbers(std::string_view text,
                                                                         SemVer version) noexcept {
    for (std::size_t count = version.core.size(); text.starts_with('.'); ++count) {
        if (count == SemVer::most_numbers) return std::nullopt;
        text.remove_prefix(1);
        const auto length =
            static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
        if (!is_numeric_identifier(text.substr(0, length))) return std::nullopt;
        text.remove_prefix(length);
        version.digits = {version.digits.data(), version.digits.size() + 1 + length};
    }
    version.is_long = true;
    return parse_rest(text, version);
}

}  // namespace

std::optional<SemVer> parse_semver(std::string_view text) noexcept {
    constexpr std::ptrdiff_t exact = 19;  // decimal digits that always fit 64 bits: 10^19 < 2^64
    SemVer version;
    const char* p = text.data();
    const char* end = p + text.size();
    if (p < end && *p == 'v') ++p;
    const char* start = p;
    for (std::size_t part = 0;; ++part) {
        const char* digits = p;
        std::uint64_t number = 0;
        for (; p < end && is_digit(*p); ++p) number = number * 10 + static_cast<std::uint64_t>(*p - '0');
        if (p == digits || (*digits == '0' && p - digits > 1)) {
            // Looked for only here: most versions have none, and this is on the path of an evaluation.
            return parse_behind_capital_v(text);
        }
        version.core[part] = number;
        version.is_long = version.is_long || p - digits > exact;
        version.digits = {start, static_cast<std::size_t>(p - start)};
        if (p == end) return version;
        if (*p != '.' || part + 1 == version.core.size()) break;
        ++p;
    }
    const std::string_view rest(p, static_cast<std::size_t>(end - p));
    return *p == '.' ? parse_further_numbers(rest, version) : parse_rest(rest, version);
}

std::weak_ordering compare_as_written(const SemVer& a, const SemVer& b) noexcept {
    auto x = a.digits;
    auto y = b.digits;
    do {
        const auto order = compare_digits(take_number(x), take_number(y));
        if (order != 0) return order;
    } while (!x.empty() || !y.empty());
    return compare_pre(a.pre, b.pre);
}

}  // namespace fanion::eval
