#pragma once

// The operators' port: health, metrics, status. Handlers run on the control thread, whose objects they read.

#include "common/net/router.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/app/following.hpp"
#include "relay/app/readiness.hpp"
#include "relay/app/relay_events.hpp"
#include "relay/app/serving.hpp"

namespace fanion::relay {

struct Health {
    bool started = false;  // the cache was read and the ports are open
    bool stopping = false;
    UnixMillis started_at = 0;
};

struct OperatorsServices {
    const Health& health;
    const ReadinessRules& readiness;
    const RelayIdentity& identity;
    const EnvironmentRegistry& registry;
    const EnvironmentCache& cache;
    const CacheMetrics& cache_metrics;
    const Following& following;
    const Serving& serving;
    const RelayEvents& events;
    const telemetry::Registry& metrics;
    const Clock& clock;
};

net::Router make_operators_router(const OperatorsServices& services);  // `services` outlives it

// The body of /status.
std::string status_json(const OperatorsServices& services);

// The ruleset in its signed form, access/* redacted. Empty where no full form is known.
std::string debug_ruleset(const EnvironmentState& state);

}  // namespace fanion::relay
