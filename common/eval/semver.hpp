#pragma once

// SemVer 2.0 precedence (https://semver.org, item 11). Missing minor and patch read as 0, a leading `v` is dropped. Digits
// are compared as text, so numbers of any length are exact. Views into the text given; pure, no allocation.

#include <array>
#include <compare>
#include <optional>
#include <string_view>

namespace fanion::eval {

struct SemVer {
    std::array<std::string_view, 3> core{"0", "0", "0"};  // major, minor, patch
    std::string_view pre;                                 // without `-`; empty: a release
};

std::optional<SemVer> parse_semver(std::string_view text) noexcept;
std::weak_ordering compare(const SemVer& a, const SemVer& b) noexcept;

}  // namespace fanion::eval
