#pragma once

// How long an organisation keeps its audit log, and the deletion of what is older. Functions run in
// the caller's transaction.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/body/retention.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::audit {

using AuditSettings = body::RetentionSettings;

// Scope: the organisation.
boost::asio::awaitable<AuditSettings> find_audit_settings(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> put_audit_settings(db::Transaction& tx, access::OrgId org_id, AuditSettings settings);

struct OldAudit {
    access::OrgId org_id;
    int days = 0;  // of its retention
};
// The organisations whose log has entries that are to be deleted. Scope: any.
boost::asio::awaitable<std::vector<OldAudit>> orgs_with_old_audit(db::Transaction& tx, unsigned default_days);

// Deletes the entries that are older than `old.days` from the oldest on without a gap, at most
// `at_most`, and appends an entry that names the last of them with its hash: the chain's new
// beginning is provable. Returns how many were deleted. Scope: the organisation.
boost::asio::awaitable<std::uint64_t> cut_audit(db::Transaction& tx, OldAudit old, int at_most, UnixMillis now);

}  // namespace fanion::cp::audit
