#include "control-plane/webhooks/metrics.hpp"

namespace fanion::cp::webhooks {

Metrics::Metrics(telemetry::Registry& registry) {
    registry.counter("fanion_control_plane_webhook_events_total", "Changes that were matched with webhooks.", {},
                     events);
    registry.counter("fanion_control_plane_webhook_events_unreadable_total",
                     "Changes that nobody was told of, because their audit entry was damaged.", {}, unreadable);
    registry.counter("fanion_control_plane_webhook_deliveries_queued_total", "Deliveries made of changes.", {}, queued);
    constexpr auto attempts = "fanion_control_plane_webhook_attempts_total";
    constexpr auto attempts_help = "Attempts to deliver, by their result.";
    registry.counter(attempts, attempts_help, {{"result", "delivered"}}, delivered);
    registry.counter(attempts, attempts_help, {{"result", "failed"}}, failed);
    registry.counter("fanion_control_plane_webhook_addresses_refused_total",
                     "Attempts that failed because the address is not one that webhooks are delivered to.", {},
                     refused);
    registry.counter("fanion_control_plane_webhook_dead_total", "Deliveries given up.", {}, dead);
    registry.counter("fanion_control_plane_webhook_disabled_total",
                     "Webhooks disabled after 410 or three days of failures.", {}, disabled);
    registry.counter("fanion_control_plane_webhook_leases_lost_total",
                     "Attempts that took longer than their lease, so that another replica may have repeated them.", {},
                     leases_lost);
    registry.counter("fanion_control_plane_webhook_errors_total", "Rounds that ended with an error of the database.",
                     {}, errors);
    registry.gauge("fanion_control_plane_webhook_in_flight", "Attempts under way in this replica.", {}, in_flight);
    registry.gauge("fanion_control_plane_webhook_waiting", "Deliveries that wait, of all replicas.", {}, waiting);
    registry.gauge("fanion_control_plane_webhook_oldest_due_seconds",
                   "How long the oldest of them has been due; 0 if none is.", {}, oldest_due_seconds);
    registry.histogram("fanion_control_plane_webhook_attempt_seconds", "Time of an attempt.", {}, attempt_seconds);
}

}  // namespace fanion::cp::webhooks
