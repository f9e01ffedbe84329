#pragma once

// Intervals of numbers, times (as numbers of milliseconds) or versions. The orders are taken for dense, which is only ever
// too careful: between two bounds there may be nothing, and an interval is then not seen to be empty. Immutable, pure.

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
    std::optional<Bound> low;  // none: unbounded
    std::optional<Bound> high;

    bool empty() const noexcept;
    bool is_within(const Interval& other) const noexcept;
    Interval intersection(const Interval& other) const;
    // What is left behind a ray (unbounded on one side) that reaches into this; a point leaves everything.
    Interval without(const Interval& ray) const;
};

}  // namespace fanion::eval::checks
