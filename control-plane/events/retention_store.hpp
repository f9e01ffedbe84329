#pragma once

// How long an organisation keeps its exposures and metric events. Functions run in the caller's
// transaction and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/body/retention.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::events {

using EventSettings = body::RetentionSettings;

// Scope: the organisation.
boost::asio::awaitable<EventSettings> find_event_settings(db::Transaction& tx, access::OrgId org_id);
boost::asio::awaitable<void> put_event_settings(db::Transaction& tx, access::OrgId org_id, EventSettings settings);

// Days (UTC), as the moments in which they begin, of which an organisation is to keep nothing.
struct OldEvents {
    access::OrgId org_id;
    UnixMillis first = 0;
    UnixMillis past = 0;  // the first day after them
};
// `most_days`: how long the installation keeps events. Scope: any.
boost::asio::awaitable<std::vector<OldEvents>> orgs_with_old_events(db::Transaction& tx, unsigned most_days);

// Locks the organisation's settings. False: another transaction has them locked, or events of that
// day are to be kept. Scope: the organisation.
boost::asio::awaitable<bool> lock_old_events(db::Transaction& tx, access::OrgId org_id, UnixMillis day);

// Deletes the organisation's events of one day, at most `at_most` of each kind, and notes when none
// is left; returns whether that is so. One transaction at a time (lock_old_events()). Scope: the
// organisation.
boost::asio::awaitable<bool> delete_events_of_day(db::Transaction& tx, access::OrgId org_id, UnixMillis day,
                                                  int at_most);

}  // namespace fanion::cp::events
