#include "control-plane/tokens/token.hpp"

namespace fanion::cp::tokens {
namespace {

constexpr UnixMillis minute = 60'000;

}  // namespace

bool is_live(const Token& token, UnixMillis now) noexcept {
    return !token.revoked_at && !(token.expires_at && *token.expires_at <= now);
}

Result<> check_live(const Token& token, UnixMillis now) {
    if (token.revoked_at) return Error{Errc::unauthenticated, "the token was revoked", {}};
    if (!is_live(token, now)) return Error{Errc::unauthenticated, "the token has expired", {}};
    return boost::system::in_place_value;
}

std::optional<UnixMillis> use_to_record(const std::optional<UnixMillis>& last_used_at, UnixMillis now) noexcept {
    const auto begin = now - now % minute;
    if (last_used_at && *last_used_at >= begin) return std::nullopt;
    return begin;
}

}  // namespace fanion::cp::tokens
