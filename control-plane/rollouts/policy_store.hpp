#pragma once

// The policies of projects for rollouts. Functions run in the caller's transaction, whose scope is
// the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/rollouts/policy.hpp"

namespace fanion::cp::rollouts {

// In the order of their keys' bytes.
boost::asio::awaitable<std::vector<Policy>> list_policies(db::Transaction& tx, access::ProjectId project_id,
                                                          std::string after, std::size_t limit);
boost::asio::awaitable<std::size_t> count_policies(db::Transaction& tx, access::ProjectId project_id);
boost::asio::awaitable<std::optional<Policy>> find_policy(db::Transaction& tx, access::ProjectId project_id,
                                                          std::string key);
// Inserts or replaces.
boost::asio::awaitable<void> put_policy(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                                        Policy policy);
boost::asio::awaitable<void> delete_policy(db::Transaction& tx, access::ProjectId project_id, std::string key);

}  // namespace fanion::cp::rollouts
