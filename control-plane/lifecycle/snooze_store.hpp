#pragma once

// Which flags are snoozed. Functions run in the caller's transaction, whose scope is the
// organisation. Callers that write must hold the project's lock.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/events/answer_store.hpp"
#include "control-plane/lifecycle/snooze.hpp"

namespace fanion::cp::lifecycle {

// Those whose time is not over at `now`, in the order of their keys' bytes.
boost::asio::awaitable<std::vector<SnoozedFlag>> list_snoozes(db::Transaction& tx, access::ProjectId project_id,
                                                              events::KeyRange range, UnixMillis now);
// The same of one flag, without the address, which no audit entry may have.
boost::asio::awaitable<std::optional<Snooze>> find_snooze(db::Transaction& tx, access::FlagId flag_id, UnixMillis now);
boost::asio::awaitable<void> put_snooze(db::Transaction& tx, access::OrgId org_id, access::FlagId flag_id,
                                        Snooze snooze);
boost::asio::awaitable<void> delete_snooze(db::Transaction& tx, access::FlagId flag_id);

}  // namespace fanion::cp::lifecycle
