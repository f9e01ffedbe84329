#pragma once

// What an organisation may have, as whoever runs the installation says (`fanion-control-plane
// set-quota`): its owners cannot change it. One thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::app {

// The organisation's own quotas after the changes, which its audit log records. Error: not_found
// when there is no such organisation. Throws PgError.
boost::asio::awaitable<Result<quotas::OwnQuotas>> set_own_quotas(db::Pool& pool, std::string org_key,
                                                                 std::vector<quotas::QuotaChange> changes,
                                                                 UnixMillis now);

}  // namespace fanion::cp::app
