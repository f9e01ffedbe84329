#include "relay/cache/environment_report.hpp"

#include "relay/cache/environment_writer.hpp"
#include "relay/cache/held_environment.hpp"

namespace fanion::relay::cache {
namespace {

wire::EnvironmentState state_of(const std::optional<wire::Rejection>& rejection, bool is_stale) {
    if (rejection && rejection->code == wire::Nack::quarantined) return wire::EnvironmentState::quarantined;
    if (rejection) return wire::EnvironmentState::rejected;
    return is_stale ? wire::EnvironmentState::stale : wire::EnvironmentState::applied;
}

}  // namespace

std::optional<EnvironmentReport> make_report(const HeldEnvironment& held, const EnvironmentWriter& writer,
                                             UnixMillis now) {
    const auto& served = held.served();
    const auto& rejection = held.rejection();
    if (!served && !rejection) return std::nullopt;
    EnvironmentReport report;
    report.status.env_id = held.env_id();
    report.stale_for = served ? held.signals()->stale_for(now) : 0;
    report.status.state = state_of(rejection, report.stale_for > 0);
    if (rejection) {
        report.status.code = name_of(rejection->code);
        report.status.detail = rejection->detail;
    }
    if (served) {
        const auto& state = *served->state;
        report.status.version = state.version;
        report.status.root = state.root;
        report.issued_at = state.issued_at;
        report.applied_at = state.applied_at;
        report.items = state.items->size();
    }
    if (held.floor()) report.floor = held.floor()->version;
    report.on_probation = writer.probation().mark().has_value();
    report.disk_problem = writer.disk_problem();
    return report;
}

}  // namespace fanion::relay::cache
