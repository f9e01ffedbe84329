#pragma once

// Instant queries of Prometheus: the request's target, its answer, which nobody vouches for, and
// what burn rates come to. Pure.

#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "control-plane/rollouts/guard.hpp"
#include "control-plane/rollouts/progress.hpp"

namespace fanion::cp::rollouts {

inline constexpr std::size_t answer_bytes = 64u * 1024;

// The target of GET below the path of a source, "/" or "/prometheus/".
std::string query_target(std::string_view path, std::string_view promql);
// The query with a window in the place of each "$window".
std::string with_window(std::string_view promql, UnixMillis window);

// The value of an answer that has exactly one sample, of a vector or a scalar. Errors:
// invalid_input, whose detail says what the answer is; not a finite number is none.
Result<double> parse_answer(std::string_view text);

// error ratio / (1 - slo)
double burn_rate(double error_ratio, double slo) noexcept;
// Both windows are at least at the limit.
GuardReading burn_reading(const BurnRate& guard, double long_ratio, double short_ratio) noexcept;

}  // namespace fanion::cp::rollouts
