#include "control-plane/schedules/metrics.hpp"

namespace fanion::cp::schedules {

Metrics::Metrics(telemetry::Registry& registry) {
    constexpr auto runs = "fanion_control_plane_schedule_runs_total";
    constexpr auto runs_help = "Runs of schedules by this replica, by their result.";
    registry.counter(runs, runs_help, {{"result", "done"}}, done);
    registry.counter(runs, runs_help, {{"result", "refused"}}, refused);
    registry.counter(runs, runs_help, {{"result", "unavailable"}}, unavailable);
    registry.counter("fanion_control_plane_schedules_failed_total", "Schedules given up after failures.", {}, failed);
    registry.counter("fanion_control_plane_schedule_runs_late_total", "Runs more than a minute after their time.", {},
                     late);
    registry.counter("fanion_control_plane_schedule_errors_total", "Rounds that ended with an error of the database.",
                     {}, errors);
    registry.gauge("fanion_control_plane_schedules_active", "Schedules that wait for their time.", {}, active);
    registry.gauge("fanion_control_plane_schedules_due", "Schedules whose time has come.", {}, due);
    registry.gauge("fanion_control_plane_schedule_oldest_due_seconds",
                   "How long the oldest of them has been due; 0 if none is.", {}, oldest_due_seconds);
}

}  // namespace fanion::cp::schedules
