#pragma once

// Precedence of versions after SemVer 2.0 (https://semver.org/spec/v2.0.0.html, item 11), with two
// extensions: there may be one to eight numbers instead of three, of which missing ones read as 0,
// and a leading `v` or `V` is ignored. Numbers of any length compare exactly. Pure, no allocation;
// a SemVer holds views into the text it was parsed from.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fanion::eval {

struct SemVer {
    static constexpr std::size_t most_numbers = 8;

    std::array<std::uint64_t, 3> core{};  // major, minor, patch, unless `is_long`
    bool is_long = false;                 // there are more numbers, or one has more than 19 digits: may not fit `core`
    std::string_view digits;              // all numbers as written, with their dots
    std::string_view pre;                 // without `-`; empty: a release
};

// nullopt when the text is not a version.
std::optional<SemVer> parse_semver(std::string_view text) noexcept;

// The general case, on the digits as written.
std::weak_ordering compare_as_written(const SemVer& a, const SemVer& b) noexcept;
// By precedence: build metadata is ignored.
inline std::weak_ordering compare(const SemVer& a, const SemVer& b) noexcept {
    if (a.is_long || b.is_long) return compare_as_written(a, b);
    for (std::size_t i = 0; i < a.core.size(); ++i)
        if (a.core[i] != b.core[i]) return a.core[i] <=> b.core[i];
    if (a.pre.empty() && b.pre.empty()) return std::weak_ordering::equivalent;
    return compare_as_written(a, b);
}

}  // namespace fanion::eval
