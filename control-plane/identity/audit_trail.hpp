#pragma once

// Audit entries that are not part of a change: sessions that start and end, and requests that are
// refused. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "control-plane/access/ids.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

// An entry about a session of a person (session_started, session_ended, ..), who need not have sent
// the request.
audit::AuditEntry session_entry(const http::Call& call, audit::Action action, access::UserId user_id,
                                access::SessionId session_id);

// Appends the entry to the log of each organisation that the person belongs to, or of `only_org` if
// it is not empty, in the caller's transaction. The last step before the commit: it leaves the
// transaction in the scope of the last organisation.
boost::asio::awaitable<void> append_for(db::Transaction& tx, access::UserId user_id, audit::AuditEntry entry,
                                        access::OrgId only_org = {});
// The same in a transaction of its own.
boost::asio::awaitable<void> record_for(http::Services& services, access::UserId user_id, audit::AuditEntry entry,
                                        access::OrgId only_org = {});

// Refusals are recorded at most once a minute for each key, account, or person and route, as
// anybody can cause any number of them; `after/suppressed` of the next entry tells how many were
// not recorded (audit/limit.hpp).

// Records that somebody tried to sign in to a person's account, by an anonymous actor: with a wrong
// password, or as `comment` says. Does nothing when `user_id` is empty. Writes in the background
// and logs errors: a response that waited for it would take longer for an account that exists than
// for one that does not.
void record_denial(http::Call& call, access::UserId user_id, std::string comment = "");

// Records a request that was answered with 403: in the log of its organisation or, outside of
// organisations, in those of all organisations of the person.
boost::asio::awaitable<void> record_refusal(http::Call& call);

}  // namespace fanion::cp::identity
