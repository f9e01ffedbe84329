#pragma once

// Exposures and metric events, in tables with a partition for each day, and what relays have
// delivered. Functions run in the caller's transaction, whose scope is the organisation, and throw
// PgError.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/arrivals.hpp"

namespace fanion::cp::events {

// Different names that an organisation may have in each of the two tables: names come from whoever
// has a client key. Rows of further ones are not stored, until keep_partitions() forgets some.
inline constexpr int most_kinds = 50'000;

// How many events have no row, because they are too old or because of that.
struct LeftOut {
    std::uint64_t old_exposures = 0;
    std::uint64_t old_metrics = 0;
    std::uint64_t unnamed_exposures = 0;
    std::uint64_t unnamed_metrics = 0;
};
boost::asio::awaitable<LeftOut> add_unit_rows(db::Transaction& tx, access::OrgId org_id, UnitRows rows,
                                              UnixMillis received_at);

// Adds to what each relay delivered before, in the order of relays; zeros are not stored. Posted.
void add_deliveries(db::Transaction& tx, const access::OrgId& org_id, const std::vector<Delivery>& deliveries);

// What relays have delivered, and dropped as they say, by relay.
struct RelayLedger {
    Delivery delivered;
    RelayDrops dropped;
    struct Reported {
        std::string ledger;  // JSON; empty: it has not said
        UnixMillis at = 0;
        friend bool operator==(const Reported&, const Reported&) = default;
    };
    Reported reported = {};  // by itself, as it last was
    friend bool operator==(const RelayLedger&, const RelayLedger&) = default;
};
boost::asio::awaitable<std::vector<RelayLedger>> list_relay_ledgers(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string after_relay, std::size_t at_most);

// Makes the partitions of the coming days, and drops those of days long past and names that are not
// used any more. `days`: how long events are kept at most.
boost::asio::awaitable<void> keep_partitions(db::Pool& pool, unsigned days);

}  // namespace fanion::cp::events
