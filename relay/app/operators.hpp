#pragma once

// The operators' port: health, metrics, status. Handlers run on the control thread, whose objects they read.

#include "common/net/router.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/accounting/relay_events.hpp"
#include "relay/app/public_server.hpp"
#include "relay/app/readiness.hpp"
#include "relay/app/upstream_follower.hpp"

namespace fanion::relay::app {

struct Health {
    bool started = false;  // the cache was read and the ports are open
    bool stopping = false;
    UnixMillis started_at = 0;
};

struct OperatorsDeps {
    const Health& health;
    const ReadinessRules& readiness;
    const RelayIdentity& identity;
    const cache::EnvironmentRegistry& registry;
    const cache::EnvironmentCache& cache;
    const cache::CacheMetrics& cache_metrics;
    const UpstreamFollower& follower;
    const PublicServer& public_server;
    const accounting::RelayEvents& events;
    const telemetry::Registry& metrics;
    const Clock& clock;
};

net::Router make_operators_router(const OperatorsDeps& services);  // `services` outlives it

// The body of /status.
std::string status_json(const OperatorsDeps& services);

// The ruleset in its signed form, access/* redacted. Empty where no full form is known.
std::string debug_ruleset(const cache::EnvironmentState& state);

}  // namespace fanion::relay::app
