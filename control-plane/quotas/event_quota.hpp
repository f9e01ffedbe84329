#pragma once

// What happens when an organisation has used up its events of the day. They are stored all the
// same (docs/adr/0035-events-beyond-a-quota.md); the audit log, and with it webhooks and live
// changes, is told once.

#include <boost/asio/awaitable.hpp>

#include "common/base/log.hpp"
#include "control-plane/quotas/event_day_store.hpp"

namespace fanion::cp::quotas {

// In a transaction of its own, which may wait for edits of the organisation: not for the one that
// stores events. Logs a PgError; the next batch of the day tries again.
boost::asio::awaitable<void> tell_exceeded(db::Pool& pool, const Log& log, access::OrgId org_id, EventDay day,
                                           UnixMillis now);

}  // namespace fanion::cp::quotas
