#include "control-plane/sign_on/metrics.hpp"

namespace fanion::cp::sign_on {

Metrics::Metrics(telemetry::Registry& registry) {
    constexpr auto sign_ons = "fanion_control_plane_sign_ons_total";
    constexpr auto sign_ons_help = "Single sign-ons by identity providers.";
    registry.counter(sign_ons, sign_ons_help, {{"result", "begun"}}, begun);
    registry.counter(sign_ons, sign_ons_help, {{"result", "succeeded"}}, succeeded);
    registry.counter(sign_ons, sign_ons_help, {{"result", "refused"}}, refused);
    registry.counter(sign_ons, sign_ons_help, {{"result", "failed"}}, failed);
    constexpr auto fetches = "fanion_control_plane_identity_provider_fetches_total";
    constexpr auto fetches_help = "Metadata and key sets of identity providers that were fetched.";
    registry.counter(fetches, fetches_help, {{"result", "succeeded"}}, fetched);
    registry.counter(fetches, fetches_help, {{"result", "failed"}}, fetch_failed);
}

}  // namespace fanion::cp::sign_on
