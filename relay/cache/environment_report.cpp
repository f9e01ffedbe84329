// EnvironmentCache::report: for the control plane and the operators' port.

#include "relay/cache/environment_record.hpp"

namespace fanion::relay::cache {
namespace {

wire::EnvironmentState state_of(const std::optional<wire::Rejection>& rejection, bool stale) {
    if (rejection && rejection->code == wire::Nack::quarantined) return wire::EnvironmentState::quarantined;
    if (rejection) return wire::EnvironmentState::rejected;
    return stale ? wire::EnvironmentState::stale : wire::EnvironmentState::applied;
}

}  // namespace

std::vector<EnvironmentReport> EnvironmentCache::report() const {
    std::vector<EnvironmentReport> reports;
    const auto now = services_.clock.now();
    for (const auto& [env_id, environment] : environments_) {
        const auto& e = *environment;
        if (!e.served && !e.rejection) continue;  // revoked, or nothing usable was ever received
        EnvironmentReport r;
        r.status.env_id = env_id;
        r.stale_for = e.served ? e.signals->stale_for(now) : 0;
        r.status.state = state_of(e.rejection, r.stale_for > 0);
        if (e.rejection) {
            r.status.code = name_of(e.rejection->code);
            r.status.detail = e.rejection->detail;
        }
        if (e.served) {
            const auto& state = *e.served->state;
            r.status.version = state.version;
            r.status.root = state.root;
            r.issued_at = state.issued_at;
            r.applied_at = state.applied_at;
            r.items = state.items->size();
        }
        if (e.floor) r.floor = e.floor->version;
        r.on_probation = e.probation.mark().has_value();
        r.disk_problem = e.disk_problem;
        reports.push_back(std::move(r));
    }
    return reports;
}

}  // namespace fanion::relay::cache
