#include "control-plane/publish/metrics.hpp"

namespace fanion::cp::publish {

Metrics::Metrics(telemetry::Registry& registry, UnixMillis key_expires_at) {
    set_key_expiry(key_expires_at);
    constexpr auto changes = "fanion_control_plane_publish_changes_total";
    constexpr auto changes_help = "Changes handed to the publisher, by what became of them before the commit.";
    registry.counter(changes, changes_help, {{"result", "published"}}, published);
    registry.counter(changes, changes_help, {{"result", "unchanged"}}, unchanged);
    registry.counter(changes, changes_help, {{"result", "refused"}}, refused);
    registry.counter("fanion_control_plane_publish_image_loads_total",
                     "Rulesets read from the database because none was in memory.", {}, image_loads);
    registry.histogram("fanion_control_plane_publish_build_seconds",
                       "Applying a change and compiling the whole ruleset.", {}, build_seconds);
    registry.counter("fanion_control_plane_feed_versions_total", "Committed versions read and handed to the streams.",
                     {}, feed_versions);
    registry.counter("fanion_control_plane_feed_errors_total", "Reads of committed versions that failed.", {},
                     feed_errors);
    registry.counter("fanion_control_plane_feed_found_by_poll_total",
                     "Versions found by polling: their notification did not come.", {}, feed_found_by_poll);
    registry.gauge("fanion_control_plane_feed_environments", "Environments with a published version.", {}, environments,
                   telemetry::Together::least);
    registry.gauge("fanion_control_plane_feed_listening", "1 while the connection that listens for changes stands.", {},
                   feed_listening, telemetry::Together::least);
    registry.counter("fanion_control_plane_publish_deltas_signed_total",
                     "Deltas from older versions, signed on demand.", {}, deltas_signed);
    signer_up.set(1);
    registry.counter("fanion_control_plane_signing_failed_total",
                     "Versions, deltas, heads and revocations that could not be signed.", {}, signing_failed);
    registry.gauge("fanion_control_plane_signer_up", "1 while the key that signs rulesets can be used.", {}, signer_up,
                   telemetry::Together::least);
    registry.gauge("fanion_control_plane_signing_key_expires_seconds",
                   "When the key that signs rulesets expires, in seconds since 1970.", {}, signing_key_expires,
                   telemetry::Together::least);
}

}  // namespace fanion::cp::publish
