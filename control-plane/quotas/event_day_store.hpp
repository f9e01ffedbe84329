#pragma once

// Events of an organisation by day. Functions throw PgError.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::quotas {

// The day of UTC in which `now` lies.
struct EventDay {
    std::uint64_t events = 0;  // so far
    Limit limit;               // of the organisation
    bool is_noted = false;     // that there are more events than that
    bool is_exceeded() const noexcept { return limit && events > *limit; }
};

// In the scope of the organisation. Adds events, and locks the day's row until the transaction
// ends: make it the last step.
boost::asio::awaitable<EventDay> add_events(db::Transaction& tx, const Quotas& installation, access::OrgId org_id,
                                            std::uint64_t events, UnixMillis now);
boost::asio::awaitable<EventDay> find_event_day(db::Transaction& tx, const Quotas& installation, access::OrgId org_id,
                                                UnixMillis now);
// False when it was noted before.
boost::asio::awaitable<bool> note_exceeded(db::Transaction& tx, access::OrgId org_id, UnixMillis now);

// Deletes the days of all organisations that are over for so long.
boost::asio::awaitable<void> purge_event_days(db::Pool& pool);

}  // namespace fanion::cp::quotas
