#pragma once

// What a provider's word leads to, in one transaction: which member the person is, with which role,
// and a session. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "control-plane/http/call.hpp"
#include "control-plane/sign_on/id_token.hpp"
#include "control-plane/sign_on/pending.hpp"
#include "control-plane/sign_on/provider_store.hpp"

namespace fanion::cp::sign_on {

// Somebody whom a provider has vouched for.
struct Arrival {
    access::OrgId org_id;
    Provider provider;  // as it was asked
    Person person;
    Sha256 once{};  // of what this sign-in uses up
    UnixMillis once_until = 0;
};

// Who the person is here; their membership and roles are settled. The transaction is in the
// organisation's scope, and new. `session_id`: as which the audit entries are made. nullopt: their
// groups give no role, so that they are no member from now on, which is to be committed.
boost::asio::awaitable<Result<std::optional<access::UserId>>> settle_arrival(http::Call& call, db::Transaction& tx,
                                                                             Arrival arrival,
                                                                             access::SessionId session_id);

// Starts the session and appends its audit entry; the last step before the commit. Error:
// not_found, when the organisation has been deleted.
boost::asio::awaitable<Result<net::Response>> start_limited_session(http::Call& call, db::Transaction& tx,
                                                                    access::OrgId org_id, Provider provider,
                                                                    access::UserId user_id,
                                                                    access::SessionId session_id,
                                                                    std::optional<identity::BrowserSite> browser);

Error not_a_member();  // forbidden
// unauthenticated with a finding.
Error refused_sign_on(std::string code, std::string detail);

}  // namespace fanion::cp::sign_on
