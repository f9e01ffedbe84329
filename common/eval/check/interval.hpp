#pragma once

// Intervals of numbers, times (as milliseconds since 1970) or versions. The orders are treated as
// dense. That is conservative: an interval with no value between its bounds, such as 1 < n < 2 for
// integers, is not recognised as empty. Plain values; pure.

#include <optional>

#include "common/eval/operators/number.hpp"
#include "common/eval/operators/semver.hpp"

namespace fanion::eval::checks {

struct Bound {
    Number number{};                               // number, time
    std::optional<SemVer> version = std::nullopt;  // version; views into the model
    bool closed = false;
};

struct Interval {
    std::optional<Bound> low;  // nullopt: unbounded
    std::optional<Bound> high;

    bool empty() const noexcept;
    bool is_within(const Interval& other) const noexcept;
    Interval intersection(const Interval& other) const;
    // This interval less a ray (an interval unbounded on one side). Less anything else: this
    // interval, a superset of the difference.
    Interval without(const Interval& ray) const;
};

}  // namespace fanion::eval::checks
