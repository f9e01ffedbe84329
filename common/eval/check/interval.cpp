#include "common/eval/check/interval.hpp"

namespace fanion::eval::checks {
namespace {

std::weak_ordering order(const Bound& a, const Bound& b) noexcept {
    return a.version && b.version ? compare(*a.version, *b.version) : compare(a.number, b.number);
}

// Whether every value above the low bound `b` is also above the low bound `a`.
bool is_low_within(const Bound& a, const Bound& b) noexcept {
    const auto o = order(a, b);
    return o < 0 || (o == 0 && (a.closed || !b.closed));
}

bool is_high_within(const Bound& a, const Bound& b) noexcept {
    const auto o = order(a, b);
    return o > 0 || (o == 0 && (a.closed || !b.closed));
}

}  // namespace

bool Interval::empty() const noexcept {
    if (!low || !high) return false;
    const auto o = order(*low, *high);
    return o > 0 || (o == 0 && !(low->closed && high->closed));
}

bool Interval::is_within(const Interval& other) const noexcept {
    const bool low_ok = !other.low || (low && is_low_within(*other.low, *low));
    const bool high_ok = !other.high || (high && is_high_within(*other.high, *high));
    return low_ok && high_ok;
}

Interval Interval::intersection(const Interval& other) const {
    Interval result = *this;
    if (other.low && (!low || is_low_within(*low, *other.low))) result.low = other.low;
    if (other.high && (!high || is_high_within(*high, *other.high))) result.high = other.high;
    return result;
}

Interval Interval::without(const Interval& ray) const {
    Interval rest;
    if (ray.low && !ray.high) {
        rest.high = ray.low;
        rest.high->closed = !ray.low->closed;
    } else if (ray.high && !ray.low) {
        rest.low = ray.high;
        rest.low->closed = !ray.high->closed;
    }
    return intersection(rest);
}

}  // namespace fanion::eval::checks
