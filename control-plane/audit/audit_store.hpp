#pragma once

// The audit log of an organisation: append and read. Functions run in the caller's transaction,
// whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/audit/resource.hpp"
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
inline constexpr std::size_t audit_page_bytes = 1024 * 1024;

struct StoredEntry {
    ChainLink link;
    std::string actor_id;
    std::string resource;
};
struct StoredEntries {
    std::vector<StoredEntry> entries;  // newest first; `limit`, or fewer from audit_page_bytes on
    bool has_more = false;
};
// Ends with the entry with which the canonical bytes reach audit_page_bytes.
boost::asio::awaitable<StoredEntries> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page);

// The e-mail addresses of those of `entries` that a person caused, by actor id.
boost::asio::awaitable<std::map<std::string, std::string>> actor_emails(db::Transaction& tx,
                                                                        const std::vector<StoredEntry>& entries);

// Whether everything that a path names is there.
boost::asio::awaitable<bool> resource_exists(db::Transaction& tx, access::OrgId org_id, ResourceNames names);

}  // namespace fanion::cp::audit
