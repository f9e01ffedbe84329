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
#include "control-plane/audit/filter.hpp"
#include "control-plane/audit/resource.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::audit {

// NOTIFY by every transaction that appends; the payload is the org_id.
inline constexpr const char* audit_channel = "fanion_audit";

// An id for an entry that others of the same change refer to (AuditEntry::group).
std::string new_entry_id();

// Appends to the chain: gives the entry its number and, unless it has one, its id, and holds the
// chain's lock (the organisation's row) until the transaction ends. Make it the last step of a
// change, so that the lock is held briefly. Returns the id. Several entries of one change: the
// first one's id is the group of the others. Empty, and nothing is appended, when the organisation
// has been deleted meanwhile.
boost::asio::awaitable<std::string> append_audit(db::Transaction& tx, AuditEntry entry);

// The lock that append_audit() takes.
boost::asio::awaitable<void> lock_audit_chain(db::Transaction& tx, access::OrgId org_id);

// The newest entry; none if the log is empty. Without append_audit() before in the transaction,
// others may append meanwhile.
boost::asio::awaitable<std::optional<wire::AuditHead>> find_audit_head(db::Transaction& tx, access::OrgId org_id);

enum class AuditOrder { newest_first, oldest_first };
struct AuditPage {
    AuditFilter filter;
    AuditOrder order = AuditOrder::newest_first;
    std::optional<std::uint64_t> from;  // the last entry of the page before; none: the first page
    std::size_t limit = 50;
};
inline constexpr std::size_t audit_page_bytes = 1024 * 1024;

struct StoredEntry {
    ChainLink link;
    std::string actor_id;
    std::string resource;
};
struct StoredEntries {
    std::vector<StoredEntry> entries;  // `limit`, or fewer from audit_page_bytes on
    bool has_more = false;
};
// Ends with the entry with which the canonical bytes reach audit_page_bytes.
boost::asio::awaitable<StoredEntries> list_audit(db::Transaction& tx, access::OrgId org_id, AuditPage page);
boost::asio::awaitable<std::optional<StoredEntry>> find_audit(db::Transaction& tx, access::OrgId org_id,
                                                              std::string id);

// The number and previous hash of the oldest entry that is kept; none if the log is empty.
struct AuditBeginning {
    std::uint64_t seq = 0;
    Sha256 previous{};
};
boost::asio::awaitable<std::optional<AuditBeginning>> find_audit_beginning(db::Transaction& tx, access::OrgId org_id);

// By number; those that are not there are left out.
boost::asio::awaitable<std::map<std::uint64_t, Sha256>> find_audit_hashes(db::Transaction& tx, access::OrgId org_id,
                                                                          std::vector<std::int64_t> seqs);

// The e-mail addresses of those of `entries` that a person caused, by actor id.
boost::asio::awaitable<std::map<std::string, std::string>> actor_emails(db::Transaction& tx,
                                                                        const std::vector<StoredEntry>& entries);
// The member with an address (identity/email.hpp has its key); none if nobody has it.
boost::asio::awaitable<std::optional<std::string>> actor_of_email(db::Transaction& tx, std::string email_key);

// Whether everything that a path names is there.
boost::asio::awaitable<bool> resource_exists(db::Transaction& tx, access::OrgId org_id, ResourceNames names);

}  // namespace fanion::cp::audit
