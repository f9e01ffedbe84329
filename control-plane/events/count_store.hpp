#pragma once

// Counts of evaluations, one row per minute and label set. Functions on the caller's transaction. Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/count.hpp"

namespace fanion::cp::events {

// Adds to what is there. Rows must differ in more than n and come in one order everywhere (events/rollup.hpp), so that
// concurrent batches cannot wait for each other in a circle.
boost::asio::awaitable<void> add_counts(db::Transaction& tx, access::OrgId org_id, const std::vector<CountRow>& rows);

// Adds to what this relay said before; zeros are not stored.
boost::asio::awaitable<void> add_drops(db::Transaction& tx, access::OrgId org_id, std::string relay, RelayDrops drops);

struct StatsQuery {
    access::OrgId org_id;
    access::EnvironmentId env_id;
    UnixMillis from = 0;  // minutes that begin at or after
    UnixMillis to = 0;    // and before
    std::optional<std::string> flag;
};

struct VariationTotal {
    std::string flag;
    std::string variation;
    std::int64_t n = 0;
    friend bool operator==(const VariationTotal&, const VariationTotal&) = default;
};

// Evaluations per flag and variation, in order of both keys' bytes; at most 100,000 rows.
boost::asio::awaitable<std::vector<VariationTotal>> total_counts(db::Transaction& tx, StatsQuery query);

}  // namespace fanion::cp::events
