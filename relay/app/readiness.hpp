#pragma once

// Whether this relay should get traffic (relay-api.md, Operators' port). Pure. The control plane plays no part in it.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::app {

struct ReadinessRules {
    std::vector<std::string> required;  // ids, or org/project/env; empty: any one environment will do
    std::optional<std::chrono::milliseconds> max_stale;
};

// "" when ready, else why not. `state` is null before the first environment.
std::string not_ready_because(const cache::ServingState* state, const ReadinessRules& rules, bool stopping,
                              UnixMillis now);

}  // namespace fanion::relay::app
