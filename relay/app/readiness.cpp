#include "relay/app/readiness.hpp"

#include <algorithm>

namespace fanion::relay::app {
namespace {

bool is_named(const cache::EnvironmentState& state, const std::string& name) {
    return name == state.env_id || name == state.org + "/" + state.project + "/" + state.env;
}

}  // namespace

std::string not_ready_reason(const cache::ServingState* state, const ReadinessRules& rules, UnixMillis now) {
    if (!state || state->environments.empty()) return "no environment has data yet";
    const auto& environments = state->environments;
    for (const auto& name : rules.required) {
        const bool held = std::any_of(environments.begin(), environments.end(),
                                      [&](const cache::EnvironmentStatePtr& e) { return is_named(*e, name); });
        if (!held) return "environment " + name + " has no data";
    }
    if (!rules.max_stale) return "";
    for (const auto& e : environments) {
        if (e->signals->stale_for(now) > rules.max_stale->count()) {
            return "environment " + e->env_id + " is staler than --ready-max-stale";
        }
    }
    return "";
}

}  // namespace fanion::relay::app
