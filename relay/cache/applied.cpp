#include "relay/cache/applied.hpp"

#include "common/telemetry/trace_log.hpp"
#include "common/telemetry/tracer.hpp"

namespace fanion::relay::cache {
namespace {

telemetry::TraceContext record_span(const AcceptedRuleset& ruleset, const telemetry::RequestTracing& tracing,
                                    std::chrono::nanoseconds took) {
    const auto& candidate = ruleset.candidate;
    const auto change = telemetry::parse_traceparent(candidate.trace).value_or(telemetry::TraceContext());
    if (!tracing.tracer || candidate.was_at_rest) return change;
    const auto admitted = tracing.tracer->admit(candidate.trace, tracing.sampler);
    auto span = tracing.tracer->open(admitted, "ruleset swap", telemetry::SpanKind::consumer);
    if (!span) return change;
    span.began_before(took);
    span.set("feature_flag.set.id", candidate.state->env_id);
    span.set("feature_flag.version", candidate.state->etag);
    span.set("fanion.ruleset.flags", static_cast<std::int64_t>(candidate.state->ruleset->flag_count()));
    return admitted.context;
}

}  // namespace

void record_applied(const AcceptedRuleset& ruleset, const AppliedSinks& sinks) {
    const auto& state = *ruleset.candidate.state;
    const auto took = std::chrono::steady_clock::now() - ruleset.received;
    sinks.metrics.applied.add();
    sinks.metrics.apply_seconds.observe(std::chrono::duration<double>(took).count());
    const auto trace = record_span(ruleset, sinks.tracing, took);
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
    sinks.log.info("ruleset_applied", {{"env_id", state.env_id},
                                       {"version", state.etag},
                                       {"flags", state.ruleset->flag_count()},
                                       {"micros", micros},
                                       telemetry::TraceField(trace)});
}

}  // namespace fanion::relay::cache
