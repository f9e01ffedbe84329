#pragma once

// Counts of evaluations, one row per minute and label set. Functions run in the caller's
// transaction and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/arrivals.hpp"

namespace fanion::cp::events {

// Adds to the rows that exist. No two rows may have the same labels, and all callers must pass them
// in the order of effects_of(), so that concurrent batches cannot deadlock. Posted.
void add_counts(db::Transaction& tx, const access::OrgId& org_id, const std::vector<CountRow>& rows);

// Adds to what these relays reported before; zeros are not stored. In the order of effects_of().
// Posted.
void add_drops(db::Transaction& tx, const access::OrgId& org_id, const std::vector<DropNote>& notes);

struct StatsQuery {
    access::OrgId org_id;
    access::EnvironmentId env_id;
    UnixMillis from = 0;  // minutes that begin at or after
    UnixMillis to = 0;    // and before
    std::optional<std::string> flag;
    std::string after{};       // flags whose keys come after this one
    std::size_t flags = 1000;  // at most
};

struct VariationTotal {
    std::string flag;
    std::string variation;
    std::int64_t n = 0;
    friend bool operator==(const VariationTotal&, const VariationTotal&) = default;
};

// Evaluations per flag and variation, in order of both keys' bytes.
boost::asio::awaitable<std::vector<VariationTotal>> total_counts(db::Transaction& tx, StatsQuery query);

// Which evaluations of a flag are counted; what is not said is not asked.
struct CountedQuery {
    access::OrgId org_id;
    access::EnvironmentId env_id;
    std::string flag;
    UnixMillis from = 0;  // minutes that begin at or after
    UnixMillis to = 0;    // and before
    std::optional<std::string> variation{};
    std::optional<std::string> reason{};
    std::int64_t least_version = 0;  // of the flag
};
struct Counted {
    std::int64_t matching = 0;
    std::int64_t all = 0;  // in that time and of those versions
    friend bool operator==(const Counted&, const Counted&) = default;
};
boost::asio::awaitable<Counted> count_matching(db::Transaction& tx, CountedQuery query);

}  // namespace fanion::cp::events
