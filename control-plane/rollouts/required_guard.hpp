#pragma once

// What a policy requires of a guard: some of a guard's members. Plain values and their JSON; pure.

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "common/json/reader.hpp"
#include "common/json/writer.hpp"
#include "control-plane/rollouts/guard.hpp"

namespace fanion::cp::rollouts {

// Members of a guard, by name. Times are in milliseconds and written as durations.
struct RequiredGuard {
    std::vector<std::pair<std::string, std::string>> texts;
    std::vector<std::pair<std::string, double>> numbers;
    std::vector<std::pair<std::string, UnixMillis>> spans;
    friend bool operator==(const RequiredGuard&, const RequiredGuard&) = default;
};

// Findings have pointers; calls r.finish(). At least one member is given.
RequiredGuard read_required_guard(json::Reader& r);
void write_required_guard(json::Writer& w, const RequiredGuard& required);

// Whether the guard has all the members, with the same value or a stricter one: a lower `above`,
// `burn`, `min_evaluations` and `for`, a higher `below` and `slo`, a stronger `on_breach`.
bool has_required(const Guard& guard, const RequiredGuard& required);

// alert, hold, rollback, turn_off: each does more than the one before.
bool is_at_least(Response response, Response least) noexcept;

}  // namespace fanion::cp::rollouts
