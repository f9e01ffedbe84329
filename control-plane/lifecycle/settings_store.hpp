#pragma once

// The settings of a project's report. Functions run in the caller's transaction, whose scope is the
// organisation. Callers that write must hold the project's lock.

#include <boost/asio/awaitable.hpp>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/lifecycle/settings.hpp"

namespace fanion::cp::lifecycle {

boost::asio::awaitable<StoredSettings> find_lifecycle_settings(db::Transaction& tx, access::ProjectId project_id);
boost::asio::awaitable<void> put_lifecycle_settings(db::Transaction& tx, access::OrgId org_id,
                                                    access::ProjectId project_id, StoredSettings stored);

}  // namespace fanion::cp::lifecycle
