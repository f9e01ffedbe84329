#include "control-plane/tokens/rotation.hpp"

#include <algorithm>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::tokens {

Result<Rotation> read_rotation(json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        Rotation rotation;
        rotation.overlap = r.integer("overlap_seconds", 0, most_overlap_seconds, default_overlap_seconds) * 1000;
        rotation.has_expiry = r.has("expires_at");
        if (rotation.has_expiry) rotation.expires_at = body::read_future_time(r, "expires_at", now);
        return rotation;
    });
}

Error not_live(std::string_view what) {
    const auto detail = "this " + std::string(what) + " is revoked or has expired: make a new one";
    return {Errc::conflict, detail, {{"", "", "not_live", detail}}};
}

Error rotated_already(std::string_view what, std::string_view successor) {
    const auto detail = "this " + std::string(what) + " was rotated already: rotate " + std::string(successor);
    return {Errc::conflict, detail, {{"", "", "rotated_already", detail}}};
}

std::optional<UnixMillis> expiry_of_new(const Rotation& rotation, const Validity& old, UnixMillis now) noexcept {
    if (rotation.has_expiry) return rotation.expires_at;
    if (!old.expires_at) return std::nullopt;
    constexpr UnixMillis last = 253'402'300'799'999;  // of the year 9999
    return std::min(last, now + std::max<UnixMillis>(*old.expires_at - old.created_at, 1000));
}

Result<std::optional<UnixMillis>> expiry_kept(const Rotation& rotation, const Validity& old) {
    if (!rotation.has_expiry) return old.expires_at;
    const bool is_longer = old.expires_at && (!rotation.expires_at || *rotation.expires_at > *old.expires_at);
    if (!is_longer) return rotation.expires_at;
    const std::string detail = "a token that rotates itself does not live longer for it: sign in to extend it";
    return Error{Errc::invalid_input, detail, {{"", "/expires_at", "beyond_own", detail}}};
}

UnixMillis expiry_of_old(const Rotation& rotation, const Validity& old, UnixMillis now) noexcept {
    const auto end = now + rotation.overlap;
    return old.expires_at ? std::min(*old.expires_at, end) : end;
}

}  // namespace fanion::cp::tokens
