#pragma once

// As whom issuers know members, and what of a sign-in is used once. Functions run in the caller's
// transaction, whose scope is the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::sign_on {

// As whom an issuer knows a person.
struct Identity {
    std::string issuer;
    std::string subject;
};

// False when it was used before and has not expired; `now`: what has expired is forgotten.
boost::asio::awaitable<bool> use_once(db::Transaction& tx, access::OrgId org_id, Sha256 hash, UnixMillis expires_at,
                                      UnixMillis now);

// The member.
boost::asio::awaitable<std::optional<access::UserId>> find_identified(db::Transaction& tx, access::OrgId org_id,
                                                                      Identity identity);
// False when the issuer knows the member by another subject, or another member by this one.
boost::asio::awaitable<bool> insert_identity(db::Transaction& tx, access::OrgId org_id, Identity identity,
                                             access::UserId user_id, UnixMillis now);

}  // namespace fanion::cp::sign_on
