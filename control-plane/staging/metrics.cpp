#include "control-plane/staging/metrics.hpp"

#include <string>

namespace fanion::cp::staging {
namespace {

constexpr Reason waits[] = {Reason::no_canaries, Reason::not_everywhere, Reason::lost, Reason::soaking};
constexpr std::pair<Action, Reason> ends[] = {{Action::release, Reason::soaked},
                                              {Action::release, Reason::no_canaries},
                                              {Action::withdraw, Reason::rejected},
                                              {Action::withdraw, Reason::quarantined},
                                              {Action::withdraw, Reason::timed_out}};

}  // namespace

Metrics::Metrics(telemetry::Registry& registry) {
    for (const auto reason : waits)
        registry.gauge("fanion_control_plane_held_versions", "Versions that wait for canaries, of all replicas.",
                       {{"waits_for", std::string(name_of(reason))}}, held[reason]);
    registry.gauges_from("fanion_control_plane_held_version_age_seconds",
                         "How long changes have been held, by environment.", [this] { return ages(); });
    for (const auto& [action, reason] : ends)
        registry.counter("fanion_control_plane_stages_ended_total",
                         "Held versions that this replica released or withdrew of its own accord.",
                         {{"action", std::string(name_of(action))}, {"reason", std::string(name_of(reason))}},
                         ended[{action, reason}]);
    registry.counter("fanion_control_plane_stage_errors_total",
                     "Held versions that could not be looked at, released or withdrawn.", {}, errors);
}

void Metrics::set_ages(std::map<std::string, double> ages) {
    const std::lock_guard lock(mutex_);
    ages_ = std::move(ages);
}

telemetry::Registry::Samples Metrics::ages() const {
    const std::lock_guard lock(mutex_);
    telemetry::Registry::Samples samples;
    for (const auto& [env_id, age] : ages_) samples.push_back({{{"env_id", env_id}}, age});
    return samples;
}

}  // namespace fanion::cp::staging
