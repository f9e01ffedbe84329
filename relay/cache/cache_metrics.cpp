#include "relay/cache/cache_metrics.hpp"

#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::cache {
namespace {

using telemetry::Registry;

void register_counters(Registry& registry, const CacheMetrics& m) {
    registry.counter("fanion_relay_rulesets_applied_total", "Rulesets put into service.", {}, m.applied);
    for (std::size_t i = 0; i < wire::nack_count; ++i) {
        const auto code = std::string(wire::name_of(static_cast<wire::Nack>(i)));
        registry.counter("fanion_relay_rulesets_rejected_total", "Documents rejected, by code of the acceptance table.",
                         {{"code", code}}, m.rejected[i]);
    }
    registry.histogram("fanion_relay_apply_seconds", "Time from delivery of a ruleset to its swap.", {},
                       m.apply_seconds);
    registry.counter("fanion_relay_rulesets_coalesced_total",
                     "Accepted rulesets replaced by a newer one before the swap.", {}, m.coalesced);
    registry.counter("fanion_relay_cache_writes_total", "Rulesets written to the cache directory, by form.",
                     {{"form", "whole"}}, m.writes[0]);
    registry.counter("fanion_relay_cache_writes_total", "Rulesets written to the cache directory, by form.",
                     {{"form", "delta"}}, m.writes[1]);
    registry.counter("fanion_relay_heads_total", "Heads accepted.", {}, m.heads);
    registry.counter("fanion_relay_revocations_total", "Environments revoked.", {}, m.revocations);
    registry.counter("fanion_relay_cache_disk_failures_total", "Failed writes to the cache directory.", {},
                     m.disk_failures);
    registry.gauge("fanion_relay_cache_disk_ok", "1 while the cache directory can be written.", {}, m.disk_ok);
    registry.gauge("fanion_relay_environments_quarantined", "Environments whose newest ruleset is in quarantine.", {},
                   m.quarantined);
    registry.gauge("fanion_relay_trust_version", "Version of the trust document in force.", {}, m.trust_version);
}

Registry::Samples sample(const EnvironmentRegistry& environments, double (*read)(const EnvironmentState&, UnixMillis),
                         UnixMillis now) {
    Registry::Samples samples;
    const auto state = environments.serving().load();
    if (!state) return samples;
    for (const auto& environment : state->environments) {
        samples.push_back({{{"env_id", environment->env_id}}, read(*environment, now)});
    }
    return samples;
}

double version_of(const EnvironmentState& state, UnixMillis) { return static_cast<double>(state.version.number); }
double stale_seconds_of(const EnvironmentState& state, UnixMillis now) {
    return static_cast<double>(state.signals->stale_for(now)) / 1e3;
}

}  // namespace

void register_metrics(Registry& registry, const CacheMetrics& metrics, const EnvironmentRegistry& environments,
                      const Clock& clock) {
    register_counters(registry, metrics);
    registry.gauge_from("fanion_relay_environments", "Environments served.", {}, [&environments] {
        const auto state = environments.serving().load();
        return state ? static_cast<double>(state->environments.size()) : 0.0;
    });
    registry.gauges_from("fanion_relay_environment_version", "Version served, by environment.",
                         [&environments] { return sample(environments, version_of, 0); });
    registry.gauges_from("fanion_relay_environment_stale_seconds",
                         "Time since the newest head expired; 0 when it has not.",
                         [&environments, &clock] { return sample(environments, stale_seconds_of, clock.now()); });
}

}  // namespace fanion::relay::cache
