#pragma once

// What a request's credential stands for and what its owner may do in an organisation: one
// statement each, outside of transactions. Functions throw PgError.
//
// The organisation is named by the key in the path. Empty: none is asked for. `state` is what
// admission_states() returns as long as nothing of what was found, and nothing that the
// organisation's audit log records, has changed.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/membership.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/identity/user_store.hpp"
#include "control-plane/tokens/token.hpp"

namespace fanion::cp::identity {

struct SessionOwner {
    access::SessionId session_id;
    UnixMillis last_used_at = 0;
    access::OrgId only_org;  // see identity::limit_session()
    User user;
    std::optional<access::Membership> org;  // nullopt: the person has none of that key
    std::string state;
};
// nullopt: the session is over.
boost::asio::awaitable<std::optional<SessionOwner>> find_session_owner(db::Pool& pool, access::SessionId session_id,
                                                                       access::UserId user_id, std::string org_key,
                                                                       UnixMillis now);
// nullopt: the session is over, or the cookie was replaced and `now` is past its grace.
boost::asio::awaitable<std::optional<SessionOwner>> find_cookie_owner(db::Pool& pool, Sha256 cookie_hash,
                                                                      std::string org_key, UnixMillis now);

// Whatever the state of the token.
struct PersonalTokenOwner {
    tokens::Token token;
    User user;
    std::optional<access::Membership> org;
    std::string state;  // empty: the token is not in force
};
boost::asio::awaitable<std::optional<PersonalTokenOwner>> find_personal_token_owner(db::Pool& pool, Sha256 token_hash,
                                                                                    std::string org_key,
                                                                                    UnixMillis now);
struct ServiceTokenOwner {
    tokens::ServiceToken token;
    access::Membership org;  // with the role of the account
    std::string state;
};
boost::asio::awaitable<std::optional<ServiceTokenOwner>> find_service_token_owner(db::Pool& pool, Sha256 token_hash,
                                                                                  UnixMillis now);

struct Credential {
    enum class Kind { session, cookie, personal, service };
    Kind kind = Kind::session;
    std::string id;  // of the session; else the hash of the secret, in hexadecimal digits
};
// Of each of `credentials` with the organisation at the same index (empty: none); empty: it is not
// in force any more.
boost::asio::awaitable<std::vector<std::string>> admission_states(db::Pool& pool, std::vector<Credential> credentials,
                                                                  std::vector<access::OrgId> orgs, UnixMillis now);

}  // namespace fanion::cp::identity
