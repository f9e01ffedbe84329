#pragma once

// Organisations. Functions run in the caller's transaction, in the scope noted at each.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::projects {

struct Org {
    access::OrgId org_id;
    std::string key;
    std::string name;
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::optional<UnixMillis> deleted_at;  // only where deleted ones are shown: see deletion_store.hpp
};

// Any scope.
boost::asio::awaitable<std::optional<access::OrgId>> org_id_of_key(db::Transaction& tx, std::string key);

// Scope: the organisation itself, even before it exists. insert_org throws PgError (unique
// violation) when the key is taken.
boost::asio::awaitable<std::optional<Org>> find_org(db::Transaction& tx, access::OrgId org_id);
// The same as find_org, its row locked: the lock of the audit log's end, so take it last.
boost::asio::awaitable<std::optional<Org>> lock_org(db::Transaction& tx, access::OrgId org_id);
// Its name, version and updated_at.
boost::asio::awaitable<void> update_org(db::Transaction& tx, const Org& org);
boost::asio::awaitable<void> insert_org(db::Transaction& tx, access::OrgId org_id, std::string key, std::string name);

}  // namespace fanion::cp::projects
