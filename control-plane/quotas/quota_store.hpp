#pragma once

// How much an organisation has of each quota, and its own limits. Functions run in the caller's
// transaction, whose scope is the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::quotas {

boost::asio::awaitable<OwnQuotas> find_own_quotas(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> put_own_quota(db::Transaction& tx, access::OrgId org_id, QuotaChange change);

// What counts against the quota now. Of flags, segments, environments, members and keys; 0 of the
// others.
boost::asio::awaitable<std::uint64_t> count_used(db::Transaction& tx, access::OrgId org_id, Quota quota,
                                                 UnixMillis now);

struct Addition {
    Quota quota{};
    std::uint64_t count = 1;
};
// Call it before what is to be added is inserted. Additions to the same quota of an organisation
// then wait for each other until the transaction ends, so that two of them cannot both take the
// last place. Take this lock after those of projects and environments, and before that of the audit
// chain. Error: conflict, quota_exceeded.
boost::asio::awaitable<Result<>> check_room(db::Transaction& tx, const Quotas& installation, access::OrgId org_id,
                                            Addition addition, UnixMillis now);

}  // namespace fanion::cp::quotas
