#pragma once

// The conditions of a request about an audit log. One thread. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/error.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/audit/filter.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::audit {

Error bad_parameter(std::string pointer, std::string code, std::string detail);

// From resource, actor (an id, or the e-mail address of a member), action, project, env, group,
// text (3 to 200 bytes), from and to (RFC 3339). Errors: invalid_input; unknown actions and
// addresses among them.
boost::asio::awaitable<Result<AuditFilter>> read_audit_filter(http::Call& call, db::Transaction& tx);

// Where a search found nothing. Error: invalid_input if the resource is none that could have had an
// entry: the name is a mistake.
boost::asio::awaitable<Result<>> check_audit_resource(http::Call& call, db::Transaction& tx, AuditFilter filter);

// Whether the caller may read all that an entry has. The creation and the deletion of a flag or
// segment have its configurations in all environments; webhooks and policies of rollouts may name
// environments, and a change those in which it was published.
bool may_read_entry(const http::Call& call, const StoredEntry& entry);

// The conditions as they were sent: "project=web&text=checkout"; empty: none.
std::string audit_filter_text(const http::Call& call);

}  // namespace fanion::cp::audit
