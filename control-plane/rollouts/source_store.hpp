#pragma once

// The Prometheus servers of an organisation. Functions run in the caller's transaction, whose
// scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/rollouts/source.hpp"

namespace fanion::cp::rollouts {

struct StoredSource {
    Source source;
    std::optional<std::string> sealed_token;
};

// In the order of their keys' bytes.
boost::asio::awaitable<std::vector<StoredSource>> list_sources(db::Transaction& tx, access::OrgId org_id,
                                                               std::string after, std::size_t limit);
boost::asio::awaitable<std::size_t> count_sources(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<std::optional<StoredSource>> find_source(db::Transaction& tx, access::OrgId org_id,
                                                                std::string key);
boost::asio::awaitable<std::optional<StoredSource>> lock_source(db::Transaction& tx, access::OrgId org_id,
                                                                std::string key);
// Inserts or replaces.
boost::asio::awaitable<void> put_source(db::Transaction& tx, access::OrgId org_id, StoredSource stored);
boost::asio::awaitable<void> delete_source(db::Transaction& tx, access::OrgId org_id, std::string key);
// Whether an open rollout has a guard that asks it.
boost::asio::awaitable<bool> is_source_used(db::Transaction& tx, access::OrgId org_id, std::string key);

}  // namespace fanion::cp::rollouts
