#pragma once

// One-time tokens that make a person a member of an organisation.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::identity {

inline constexpr UnixMillis invitation_lifetime = 24LL * 60 * 60 * 1000;

// Not a judgement of whether mail would arrive: one @ with something on both sides, printable, at most 254 bytes.
bool is_email(std::string_view text) noexcept;

// The token, shown once. Any scope. Whether the person has an account already cannot be told from the answer.
boost::asio::awaitable<std::string> invite(db::Transaction& tx, std::string org_id, std::string email, std::string name,
                                           access::Role role, UnixMillis now);

}  // namespace fanion::cp::identity
