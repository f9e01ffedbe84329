#pragma once

// Whether this relay should get traffic (docs/relay-api.md, Operators' port). Pure. An unreachable
// control plane plays no part in it.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::app {

struct ReadinessRules {
    std::vector<std::string> required;  // ids, or org/project/env; empty: any one environment is enough
    std::optional<std::chrono::milliseconds> max_stale;  // nullopt: staleness does not matter
};

// Why the relay must not get traffic, or "" if it is ready. `state` is null before the first
// environment has data.
std::string not_ready_reason(const cache::ServingState* state, const ReadinessRules& rules, UnixMillis now);

}  // namespace fanion::relay::app
