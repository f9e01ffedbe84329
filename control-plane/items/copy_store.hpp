#pragma once

// Configurations of a whole environment, copied into a new one.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::items {

// Of all flags and segments that are not deleted, with their versions. The caller has locked the
// project and both environments; `to` has no configurations yet. Throws PgError.
boost::asio::awaitable<void> copy_configurations(db::Transaction& tx, access::EnvironmentId from,
                                                 access::EnvironmentId to, std::string updated_by, UnixMillis now);

}  // namespace fanion::cp::items
