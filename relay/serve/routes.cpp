#include "relay/serve/routes.hpp"

#include <algorithm>

#include "relay/serve/dispatch.hpp"
#include "relay/serve/evaluate_api.hpp"
#include "relay/serve/event_stream.hpp"
#include "relay/serve/events_api.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/relay_api.hpp"
#include "relay/serve/sdk_api.hpp"
#include "relay/serve/unrouted.hpp"
#include "relay/serve/wanted_version.hpp"

namespace fanion::relay::serve {
namespace {

using net::Method;

constexpr Immediate single_flag{handle_ofrep_single};
constexpr WhenReady all_flags{has_wanted_version, handle_ofrep_bulk};
constexpr FixedAnswer preflight{[](net::Response& response) { response.status = 204; }};

// Explanations, the one-line form and what is for relays have no preflight: they are not for web pages.
constexpr Route table[] = {
    {Method::post, "/ofrep/v1/evaluate/flags/{key}", Credential::any_key, ServeRoute::ofrep_single, Cors::answer,
     ErrorForm::ofrep_flag, single_flag},
    {Method::post, "/ofrep/v1/evaluate/flags", Credential::any_key, ServeRoute::ofrep_bulk, Cors::answer,
     ErrorForm::ofrep, all_flags},
    {Method::post, "/ofrep/v1/evaluate/flags/", Credential::any_key, ServeRoute::ofrep_bulk, Cors::answer,
     ErrorForm::ofrep, all_flags},
    {Method::get, "/ofrep/v1/stream", Credential::stream_token, ServeRoute::ofrep_stream, Cors::answer,
     ErrorForm::ofrep, Streaming{run_event_stream}},
    {Method::post, "/api/v1/evaluate/{key}", Credential::any_key, ServeRoute::evaluate_single, Cors::answer,
     ErrorForm::problem, Immediate{handle_evaluate_single}},
    {Method::post, "/api/v1/evaluate", Credential::any_key, ServeRoute::evaluate_bulk, Cors::answer, ErrorForm::problem,
     Immediate{handle_evaluate_bulk}},
    {Method::get, "/evaluate/{key}", Credential::any_key, ServeRoute::evaluate_line, Cors::answer, ErrorForm::problem,
     Immediate{handle_evaluate_line}},
    {Method::post, "/api/v1/explain/{key}", Credential::server_key, ServeRoute::explain, Cors::answer,
     ErrorForm::problem, Immediate{handle_explain}},
    {Method::get, "/sdk/v1/ruleset", Credential::rules_key, ServeRoute::sdk_ruleset, Cors::answer, ErrorForm::problem,
     Deferred{handle_sdk_ruleset}},
    {Method::get, "/sdk/v1/stream", Credential::rules_key, ServeRoute::sdk_stream, Cors::answer, ErrorForm::problem,
     Streaming{run_sdk_stream, prepare_sdk_stream, true}},
    {Method::get, "/sdk/v1/poll", Credential::rules_key, ServeRoute::sdk_poll, Cors::answer, ErrorForm::problem,
     Deferred{handle_sdk_poll, true}},
    {Method::get, "/sdk/v1/trust", Credential::any_key, ServeRoute::sdk_trust, Cors::answer, ErrorForm::problem,
     Immediate{handle_sdk_trust}},
    {Method::post, "/sdk/v1/events", Credential::any_key, ServeRoute::events, Cors::answer, ErrorForm::problem,
     Accepting{key_in_events, handle_events}},
    {Method::get, "/relay/v1/stream", Credential::relay_key, ServeRoute::relay_stream, Cors::answer, ErrorForm::problem,
     Streaming{run_relay_stream}},
    {Method::get, "/relay/v1/heads", Credential::relay_key, ServeRoute::relay_heads, Cors::answer, ErrorForm::problem,
     Deferred{handle_relay_heads}},
    {Method::get, "/relay/v1/rulesets/{env_id}", Credential::relay_key, ServeRoute::relay_ruleset, Cors::answer,
     ErrorForm::problem, Deferred{handle_relay_ruleset}},
    {Method::get, "/relay/v1/trust", Credential::relay_key, ServeRoute::relay_trust, Cors::answer, ErrorForm::problem,
     Immediate{handle_relay_trust}},
    {Method::post, "/relay/v1/status", Credential::relay_key, ServeRoute::relay_status, Cors::answer,
     ErrorForm::problem, Deferred{handle_relay_status}},
    {Method::post, "/relay/v1/events", Credential::relay_key, ServeRoute::relay_events, Cors::answer,
     ErrorForm::problem, Deferred{handle_relay_events}},

    {Method::options, "/ofrep/v1/evaluate/flags/{key}", Credential::none, not_counted, Cors::preflight, ErrorForm::none,
     preflight},
    {Method::options, "/ofrep/v1/evaluate/flags", Credential::none, not_counted, Cors::preflight, ErrorForm::none,
     preflight},
    {Method::options, "/ofrep/v1/evaluate/flags/", Credential::none, not_counted, Cors::preflight, ErrorForm::none,
     preflight},
    {Method::options, "/api/v1/evaluate/{key}", Credential::none, not_counted, Cors::preflight, ErrorForm::none,
     preflight},
    {Method::options, "/api/v1/evaluate", Credential::none, not_counted, Cors::preflight, ErrorForm::none, preflight},
    {Method::options, "/sdk/v1/events", Credential::none, not_counted, Cors::preflight, ErrorForm::none, preflight},
    {Method::options, "/ofrep/v1/stream", Credential::none, not_counted, Cors::stream_preflight, ErrorForm::none,
     preflight},
    {Method::options, "/sdk/v1/ruleset", Credential::none, not_counted, Cors::stream_preflight, ErrorForm::none,
     preflight},
    {Method::options, "/sdk/v1/stream", Credential::none, not_counted, Cors::stream_preflight, ErrorForm::none,
     preflight},
    {Method::options, "/sdk/v1/poll", Credential::none, not_counted, Cors::stream_preflight, ErrorForm::none,
     preflight},
    {Method::options, "/sdk/v1/trust", Credential::none, not_counted, Cors::stream_preflight, ErrorForm::none,
     preflight},
    {Method::get, "/ofrep/v1/configuration", Credential::none, not_counted, Cors::answer, ErrorForm::ofrep,
     FixedAnswer{write_removed_configuration}},
};

// The columns of a row agree with each other.
constexpr bool is_consistent(const Route& route) {
    const bool is_fixed = std::holds_alternative<FixedAnswer>(route.handler);
    if (is_fixed != (route.credential == Credential::none)) return false;  // the other handlers have a caller
    if (is_fixed != !route.metric) return false;
    const bool is_stream = std::holds_alternative<Streaming>(route.handler);
    if (route.credential == Credential::stream_token && !is_stream) return false;  // it may do nothing else
    const bool is_preflight = route.method == Method::options;
    if (is_preflight != (route.cors == Cors::preflight || route.cors == Cors::stream_preflight)) return false;
    if (is_preflight != (route.errors == ErrorForm::none)) return false;
    const bool names_flag = route.pattern.find("{key}") != std::string_view::npos;
    return route.errors != ErrorForm::ofrep_flag || names_flag;
}
static_assert(std::all_of(std::begin(table), std::end(table), [](const Route& r) { return is_consistent(r); }));

constexpr bool is_counted_somewhere(ServeRoute metric) {
    return std::any_of(std::begin(table), std::end(table), [metric](const Route& r) { return r.metric == metric; });
}
constexpr bool is_every_metric_used() {
    for (std::size_t i = 0; i < http_route_count; ++i) {
        if (!is_counted_somewhere(static_cast<ServeRoute>(i))) return false;
    }
    return true;
}
static_assert(is_every_metric_used());

}  // namespace

std::span<const Route> routes() noexcept { return table; }

void add_routes(net::Router& router, WorkerDeps& services) {
    for (const auto& route : table) add_route(router, services, route);
    router.refuse_with(
        [s = &services](net::Request& request, net::Response& response, unsigned status, std::string_view detail,
                        std::string_view place) { write_unrouted(*s, request, response, status, detail, place); });
}

}  // namespace fanion::relay::serve
