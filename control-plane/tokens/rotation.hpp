#pragma once

// Replacing a token or key while both are valid. Pure.

#include <optional>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::tokens {

inline constexpr std::int64_t default_overlap_seconds = 24 * 60 * 60;
inline constexpr std::int64_t most_overlap_seconds = 30 * 24 * 60 * 60;

struct Rotation {
    UnixMillis overlap = default_overlap_seconds * 1000;  // how long the old one stays valid
    bool has_expiry = false;                              // whether the request says when the new one expires
    std::optional<UnixMillis> expires_at;                 // if so: when, or never
};

// {"overlap_seconds", "expires_at"}, both optional. Errors: invalid_input with findings.
Result<Rotation> read_rotation(json::Value body, UnixMillis now);

// conflict: the old one is revoked or expired (not_live), or has a successor that is valid
// (rotated_already). `what`: "token".
Error not_live(std::string_view what);
Error rotated_already(std::string_view what, std::string_view successor);

struct Validity {
    UnixMillis created_at = 0;
    std::optional<UnixMillis> expires_at;  // none: never
};
// When the new one expires: as the request says, else as long after `now` as the old one was valid
// after it was made.
std::optional<UnixMillis> expiry_of_new(const Rotation& rotation, const Validity& old, UnixMillis now) noexcept;
// The same for a token that rotates itself: it keeps the expiry of the old one, or asks for an
// earlier one. Error: invalid_input with a finding at /expires_at, when it asks for more.
Result<std::optional<UnixMillis>> expiry_kept(const Rotation& rotation, const Validity& old);
// When the old one expires: at the end of the overlap, unless it does before.
UnixMillis expiry_of_old(const Rotation& rotation, const Validity& old, UnixMillis now) noexcept;

}  // namespace fanion::cp::tokens
