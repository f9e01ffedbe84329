#pragma once

// SemVer 2.0 precedence (https://semver.org, item 11). Missing minor and patch read as 0, a leading `v` is dropped. Numbers of
// any length are exact. Views into the text given; pure, no allocation.

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fanion::eval {

struct SemVer {
    std::array<std::uint64_t, 3> core{};  // major, minor, patch, unless `is_long`
    bool is_long = false;                 // one of them has more than 19 digits: compared as written
    std::string_view digits;              // the three as written, with their dots
    std::string_view pre;                 // without `-`; empty: a release
};

std::optional<SemVer> parse_semver(std::string_view text) noexcept;

std::weak_ordering compare_as_written(const SemVer& a, const SemVer& b) noexcept;  // what compare() leaves over
inline std::weak_ordering compare(const SemVer& a, const SemVer& b) noexcept {
    if (a.is_long || b.is_long) return compare_as_written(a, b);
    for (std::size_t i = 0; i < a.core.size(); ++i)
        if (a.core[i] != b.core[i]) return a.core[i] <=> b.core[i];
    if (a.pre.empty() && b.pre.empty()) return std::weak_ordering::equivalent;
    return compare_as_written(a, b);
}

}  // namespace fanion::eval
