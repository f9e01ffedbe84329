#include <algorithm>

#include "common/telemetry/metrics.hpp"

namespace fanion::telemetry {

Histogram::Histogram(std::vector<double> upper_bounds)
    : upper_bounds_(std::move(upper_bounds)),
      counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_bounds_.size() + 1)) {}

void Histogram::observe(double value) noexcept {
    const auto bound = std::lower_bound(upper_bounds_.begin(), upper_bounds_.end(), value);
    counts_[static_cast<std::size_t>(bound - upper_bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
    Snapshot snapshot{.upper_bounds = upper_bounds_, .cumulative = {}, .count = 0, .sum = sum_.load()};
    for (std::size_t i = 0; i <= upper_bounds_.size(); ++i) {
        snapshot.count += counts_[i].load(std::memory_order_relaxed);
        if (i < upper_bounds_.size()) snapshot.cumulative.push_back(snapshot.count);
    }
    return snapshot;
}

}  // namespace fanion::telemetry
