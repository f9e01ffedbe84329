#pragma once

// What the relay adds to the operators' port (common/service/operators.hpp): members of /status,
// and /debug/ruleset/{env}. Call on the control thread, whose objects this reads.

#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/json/writer.hpp"
#include "common/net/router.hpp"
#include "relay/accounting/evaluation_tally.hpp"
#include "relay/app/upstream_follower.hpp"
#include "relay/cache/cache_metrics.hpp"
#include "relay/cache/environment_cache.hpp"
#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::app {

// The member "upstream": which one, and whether it can be reached.
void write_upstream(json::Writer& w, const UpstreamFollower& follower);

// The member "environments": one object each. Ages are seconds before `now`.
void write_environments(json::Writer& w, const std::vector<cache::EnvironmentReport>& reports, UnixMillis now);

// The member "nacks": rejected rulesets since the start, by code.
void write_nacks(json::Writer& w, const cache::CacheMetrics& metrics);

// Evaluations by environment and organisation. Both must outlive the registry's last collection.
void register_environment_evaluations(telemetry::Registry& metrics, const accounting::EvaluationTally& tally,
                                      const cache::EnvironmentRegistry& registry);

// GET /debug/ruleset/{env}: the ruleset in its signed form without keys; 404 if no full form is
// held. `registry` must outlive the router.
void add_debug_routes(net::Router& router, const cache::EnvironmentRegistry& registry);

}  // namespace fanion::relay::app
