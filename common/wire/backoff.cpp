#include "common/wire/backoff.hpp"

#include <algorithm>
#include <cstdint>

namespace fanion::wire {
namespace {

std::chrono::milliseconds scaled(std::chrono::milliseconds bound, double factor) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(bound.count()) * factor));
}

}  // namespace

std::chrono::milliseconds Backoff::next(double random) noexcept {
    const auto draw = std::clamp(random, 0.0, 1.0);
    const auto doublings = std::min(failures_, 30u);
    ++failures_;
    if (slow_) return parameters_.slow + scaled(parameters_.slow, draw / 10);
    const auto bound = std::min(scaled(parameters_.first, static_cast<double>(1u << doublings)), parameters_.limit);
    return scaled(bound, draw);
}

void Backoff::reset() noexcept {
    failures_ = 0;
    slow_ = false;
}

}  // namespace fanion::wire
