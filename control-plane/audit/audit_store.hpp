#pragma once

// The audit log of an organisation: append and read. Functions run in the caller's transaction,
// whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::audit {

// Appends to the chain: gives the entry its id and number, and holds the chain's lock (the
// organisation's row) until the transaction ends. Make it the last step of a change, so that the
// lock is held briefly.
boost::asio::awaitable<void> append_audit(db::Transaction& tx, AuditEntry entry);

struct AuditPage {
    std::optional<std::uint64_t> before;  // seq; none: from the newest
    std::size_t limit = 50;
    std::string resource;  // entries of this resource and of those below it; empty: all
};
// Newest first, and one more than `limit` when there are more.
boost::asio::awaitable<std::vector<ChainLink>> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page);

}  // namespace fanion::cp::audit
