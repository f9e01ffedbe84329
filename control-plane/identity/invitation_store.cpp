#include "control-plane/identity/invitation_store.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "control-plane/identity/user_store.hpp"

namespace fanion::cp::identity {

bool is_email(std::string_view text) noexcept {
    const auto at = text.find('@');
    const bool has_sides =
        at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos;
    const bool is_printable = std::all_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F;
    });
    return has_sides && is_printable && text.size() <= 254 && is_valid_utf8(text);
}

boost::asio::awaitable<std::string> invite(db::Transaction& tx, access::OrgId org_id, std::string email,
                                           std::string name, access::Role role, UnixMillis now) {
    const auto user = co_await find_or_insert_user(tx, std::move(email), std::move(name));
    auto token = to_base64url(random_bytes(32));
    const auto hash = sha256(token);
    Invitation invitation{user.user_id, std::move(org_id), role};
    co_await insert_invitation(tx, hash, std::move(invitation), now + invitation_lifetime);
    co_return token;
}

}  // namespace fanion::cp::identity
