#include "relay/serve/evaluation_span.hpp"

#include <utility>

#include "common/base/text.hpp"
#include "relay/cache/environment_registry.hpp"
#include "relay/serve/route.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::string_view event_name = "feature_flag.evaluation";
constexpr std::string_view provider_name = "fanion";

bool evaluates(const Route& route) noexcept {
    if (!route.metric) return false;
    switch (*route.metric) {
        case ServeRoute::ofrep_single:
        case ServeRoute::ofrep_bulk:
        case ServeRoute::evaluate_single:
        case ServeRoute::evaluate_bulk:
        case ServeRoute::evaluate_line:
            return true;
        default:
            return false;
    }
}

telemetry::Attributes attributes_of(const cache::EnvironmentState& environment, const eval::Evaluation& evaluation) {
    telemetry::Attributes attributes;
    const auto add = [&attributes](const char* key, std::string value) {
        if (!value.empty()) attributes.push_back({key, std::move(value)});
    };
    add("feature_flag.key", std::string(evaluation.flag));
    add("feature_flag.result.variant", std::string(evaluation.variation));
    add("feature_flag.result.reason", to_lower_ascii(eval::name_of(evaluation.reason)));
    add("error.type", to_lower_ascii(eval::name_of(evaluation.error)));
    add("feature_flag.set.id", environment.env_id);
    add("feature_flag.version", environment.etag);
    add("feature_flag.provider.name", std::string(provider_name));
    add("fanion.rule.id", std::string(evaluation.rule));
    return attributes;
}

}  // namespace

telemetry::Admitted EvaluationSpan::admit(const net::Request& request) const {
    static const telemetry::TraceSampler all(1);
    auto admitted = tracing_.tracer->admit(request.header("traceparent"), all);
    admitted.context.sampled = admitted.context.sampled && tracing_.sampler.takes(admitted.context.trace);
    return admitted;
}

void EvaluationSpan::open(const telemetry::Admitted& admitted, std::string name, const net::Request& request) {
    recording_ = std::make_unique<Recording>();
    recording_->span = tracing_.tracer->open(admitted, std::move(name), telemetry::SpanKind::server);
    if (admitted.parent != 0) recording_->span.set_trace_state(request.header("tracestate"));
    tracing_.span = this;
}

void EvaluationSpan::begin(const Route& route, const net::Request& request) {
    if (!evaluates(route)) return;
    const auto admitted = admit(request);
    if (!admitted.context.sampled) return;
    const auto method = net::name_of(request.method);
    open(admitted, std::string(method) + ' ' + std::string(route.pattern), request);
    recording_->span.set("http.request.method", method);
    recording_->span.set("http.route", route.pattern);
}

void EvaluationSpan::begin_call(std::string_view call, const net::Request& request) {
    const auto admitted = admit(request);
    if (!admitted.context.sampled) return;
    const auto name = call.substr(call.starts_with('/') ? 1 : 0);
    open(admitted, std::string(name), request);
    recording_->span.set("rpc.system", "grpc");
}

void EvaluationSpan::set_context(json::Value context) {
    auto& id = recording_->context_id;
    id.clear();
    if (!tracing_.context_ids || !context || !context.is(json::Kind::object)) return;
    const auto key = context.find("targetingKey");
    if (key && key.is(json::Kind::string)) id = key.as_string();
}

void EvaluationSpan::add(const cache::EnvironmentState& environment, const eval::Evaluation& evaluation) {
    auto& [span, context_id, first, evaluations] = *recording_;
    ++evaluations;
    if (!span.has_room_for_event()) return;
    auto attributes = attributes_of(environment, evaluation);
    if (!context_id.empty()) attributes.push_back({"feature_flag.context.id", context_id});
    if (evaluations == 1) first = attributes;
    span.add_event(event_name, std::move(attributes));
}

void EvaluationSpan::show_only_evaluation() {
    if (recording_->evaluations != 1) return;
    for (auto& attribute : recording_->first) recording_->span.set(std::move(attribute));
}

void EvaluationSpan::finish(unsigned status) {
    show_only_evaluation();
    recording_->span.set("http.response.status_code", std::int64_t{status});
    if (status >= 500) recording_->span.fail("");
}

void EvaluationSpan::finish_call(int code) {
    show_only_evaluation();
    recording_->span.set("rpc.grpc.status_code", std::int64_t{code});
}

}  // namespace fanion::relay::serve
