#include "control-plane/rollouts/metrics.hpp"

#include <string>

namespace fanion::cp::rollouts {
namespace {

// Those that decide() makes, and `refused`.
constexpr std::pair<Action, Reason> possible_decisions[] = {
    {Action::wait, Reason::conflict},    {Action::wait, Reason::guard},       {Action::wait, Reason::no_data},
    {Action::wait, Reason::propagation}, {Action::wait, Reason::hold},        {Action::wait, Reason::evaluations},
    {Action::wait, Reason::approval},    {Action::wait, Reason::max_wait},    {Action::wait, Reason::refused},
    {Action::wait, Reason::person},      {Action::hold, Reason::conflict},    {Action::hold, Reason::guard},
    {Action::hold, Reason::no_data},     {Action::hold, Reason::max_wait},    {Action::hold, Reason::refused},
    {Action::resume, Reason::cleared},   {Action::advance, Reason::step},     {Action::complete, Reason::step},
    {Action::rollback, Reason::guard},   {Action::rollback, Reason::no_data}, {Action::rollback, Reason::max_wait},
    {Action::turn_off, Reason::guard},   {Action::turn_off, Reason::no_data}, {Action::turn_off, Reason::max_wait},
    {Action::alert, Reason::guard},      {Action::alert, Reason::no_data},    {Action::alert, Reason::max_wait},
    {Action::alert, Reason::long_hold},  {Action::cancel, Reason::conflict},
};

}  // namespace

Metrics::Metrics(telemetry::Registry& registry) {
    constexpr auto open = "fanion_control_plane_rollouts";
    constexpr auto open_help = "Rollouts that have not ended, of all replicas.";
    registry.gauge(open, open_help, {{"state", "running"}}, running);
    registry.gauge(open, open_help, {{"state", "held"}}, held);
    registry.gauge(open, open_help, {{"state", "paused"}}, paused);
    for (const auto& [action, reason] : possible_decisions) {
        registry.counter("fanion_control_plane_rollout_decisions_total", "Looks of this replica at a rollout.",
                         {{"action", std::string(name_of(action))}, {"reason", std::string(name_of(reason))}},
                         decisions[{action, reason}]);
    }
    registry.counter("fanion_control_plane_rollout_leases_lost_total",
                     "Looks that changed nothing because the rollout or its flag had changed meanwhile.", {},
                     leases_lost);
    registry.counter("fanion_control_plane_rollout_errors_total", "Looks that ended with an error of the database.", {},
                     errors);
}

void Metrics::count(const Decision& decision) noexcept {
    const auto found = decisions.find({decision.action, decision.reason});
    if (found != decisions.end()) found->second.add();
}

}  // namespace fanion::cp::rollouts
