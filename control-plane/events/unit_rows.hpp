#pragma once

// What is stored of exposures and metric events: what they are of, once for all with the same
// names, and short rows that refer to it. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::events {

// Events of more than so long before they came are counted and not stored: no experiment waits so
// long.
inline constexpr UnixMillis oldest_event = 7 * 86'400'000LL;

struct ExposureKind {
    access::EnvironmentId env_id;
    std::string flag;
    std::string variation;
    std::int64_t version = 0;
    std::string exp;  // empty: none
    std::string by;
    friend auto operator<=>(const ExposureKind&, const ExposureKind&) = default;
};
struct ExposureRow {
    std::size_t kind = 0;  // index of its kind
    std::string unit;      // 32 hex digits
    UnixMillis at = 0;
    std::string attrs;  // a JSON object; empty: none
    friend bool operator==(const ExposureRow&, const ExposureRow&) = default;
};

struct MetricKind {
    access::EnvironmentId env_id;
    std::string key;
    std::string by;
    friend auto operator<=>(const MetricKind&, const MetricKind&) = default;
};
struct MetricRow {
    std::size_t kind = 0;
    std::string unit;
    UnixMillis at = 0;
    double value = 0;
    friend bool operator==(const MetricRow&, const MetricRow&) = default;
};

// Kinds in order and without repetition; rows in order of kind and unit.
struct UnitRows {
    std::vector<ExposureKind> exposure_kinds;
    std::vector<ExposureRow> exposures;
    std::vector<MetricKind> metric_kinds;
    std::vector<MetricRow> metrics;
    std::uint64_t old_exposures = 0;  // that are not stored
    std::uint64_t old_metrics = 0;

    std::size_t size() const noexcept { return exposures.size() + metrics.size(); }
};

// `now`: when the batch came. What is later than that is from then. Names of units become digests.
UnitRows unit_rows_of(const wire::EventBatch& batch, UnixMillis now);

// The rows of several batches as those of one.
UnitRows join(const std::vector<const UnitRows*>& all);

}  // namespace fanion::cp::events
