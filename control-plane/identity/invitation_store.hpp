#pragma once

// Invitations: one-time tokens that make a person a member of an organisation. One thread; throws
// PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis invitation_lifetime = 24LL * 60 * 60 * 1000;

// One @ with text on both sides, all printable, at most 254 bytes of UTF-8. Not whether mail would
// arrive.
bool is_email(std::string_view text) noexcept;

// Returns the token, of which only the hash is stored. Any scope. The result is the same whether or
// not the person has an account already.
boost::asio::awaitable<std::string> invite(db::Transaction& tx, access::OrgId org_id, std::string email,
                                           std::string name, access::Role role, UnixMillis now);

}  // namespace fanion::cp::identity
