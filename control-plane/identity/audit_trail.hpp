#pragma once

// Entries of the audit log that belong to no change: sign-ins, their ends, and what was refused. One thread. Functions that
// wait throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "control-plane/audit/entry.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::identity {

// A sign-in ("session.started", "session.ended", ..) of a person, who need not be the one who asks. `session_id`: the sign-in.
audit::AuditEntry session_entry(const http::Call& call, audit::Action action, std::string user_id,
                                std::string session_id);

// Appends the entry to the log of each organisation the person belongs to, in the caller's transaction: the last step before
// its commit, as it leaves the scope of the last of them.
boost::asio::awaitable<void> append_for(db::Transaction& tx, std::string user_id, audit::AuditEntry entry);
// The same in a transaction of its own.
boost::asio::awaitable<void> record_for(http::Services& services, std::string user_id, audit::AuditEntry entry);

// What those can cause without end who are refused is written once a minute for each key, account, or person and route; the
// next entry then has in `after/suppressed` how many were not written (audit/limit.hpp).

// A password that was wrong, for that person's account: nobody acted who is known. Without a person nothing. Written while the
// request goes on; what fails is logged. An answer that waited for it would come later for an account that exists than for one
// that does not.
void record_denial(http::Call& call, std::string user_id);

// The request that was just answered with 403: in its organisation's log, or in those of the person's organisations.
boost::asio::awaitable<void> record_refusal(http::Call& call);

}  // namespace fanion::cp::identity
