#pragma once

// Series of counts, and their thinning. Functions run in the caller's transaction. They throw
// PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/series.hpp"

namespace fanion::cp::events {

struct SeriesQuery {
    access::OrgId org_id;
    access::EnvironmentId env_id;
    Range range;
    Step step = Step::hour;
    std::optional<std::string> flag;
    std::string by;           // variation, version, reason, sdk, rule; empty: one series of all
    std::size_t series = 20;  // at most; those with the largest counts
};

struct SeriesPoint {
    std::string label;
    std::int64_t total = 0;  // of the series
    UnixMillis at = 0;       // the beginning of the step
    std::int64_t n = 0;
};

// The largest series first, each in order of time; steps without a count have no point. Scope: the
// organisation.
boost::asio::awaitable<std::vector<SeriesPoint>> read_series(db::Transaction& tx, SeriesQuery query);

struct SparkQuery {
    access::OrgId org_id;
    access::EnvironmentId env_id;
    Range range;  // whole hours
    std::vector<std::string> flags;
};
struct SparkPoint {
    std::string flag;
    UnixMillis at = 0;  // the beginning of the hour
    std::int64_t n = 0;
};
// By flag and hour, in no order; hours without a count have no point. Scope: the organisation.
boost::asio::awaitable<std::vector<SparkPoint>> read_sparks(db::Transaction& tx, SparkQuery query);

// Adds counts that are older to those of longer steps; about `at_most` rows of each step. Returns
// how many were added; 0 also while another replica does it. Scope: any.
boost::asio::awaitable<std::uint64_t> thin_counts(db::Transaction& tx, UnixMillis now, int at_most);

// Forgets callers that have not asked for so many days, and all that is known of evaluations in
// environments and of flags that no longer exist. Scope: any.
boost::asio::awaitable<void> purge_evaluations(db::Transaction& tx, unsigned days);

}  // namespace fanion::cp::events
