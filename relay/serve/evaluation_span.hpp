#pragma once

// The span of one request for evaluations, with OpenTelemetry's conventions for feature flags
// (https://opentelemetry.io/docs/specs/semconv/feature-flags/). Each evaluation is an event of it;
// that of a request which makes only one has its attributes itself too. Values and contexts are
// never among them, the targeting key only with --trace-context-ids. One worker thread.
//
// A worker answers one request at a time without a wait in between, so WorkerDeps refers to the
// span in hand. Without tracing this costs one look at a pointer for each request and one for each
// evaluation.

#include <memory>
#include <string>
#include <string_view>

#include "common/eval/run/evaluator.hpp"
#include "common/json/document.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/telemetry/tracer.hpp"

namespace fanion::relay::cache {
struct EnvironmentState;
}

namespace fanion::relay::serve {

class EvaluationSpan;
struct Route;
struct WorkerDeps;

struct EvaluationTracing {
    telemetry::Tracer* tracer = nullptr;  // null: no tracing
    telemetry::TraceSampler sampler = telemetry::TraceSampler();
    bool context_ids = false;
    EvaluationSpan* span = nullptr;  // of the request in hand, if it is recorded
};

class EvaluationSpan {
public:
    // Recorded if the route evaluates flags, the caller has not decided otherwise, and the sampler
    // takes the trace.
    EvaluationSpan(EvaluationTracing& tracing, const Route& route, const net::Request& request) : tracing_(tracing) {
        if (tracing.tracer != nullptr) [[unlikely]]
            begin(route, request);
    }
    // Of a call over gRPC: "/flagd.evaluation.v1.Service/ResolveBoolean".
    EvaluationSpan(EvaluationTracing& tracing, std::string_view call, const net::Request& request) : tracing_(tracing) {
        if (tracing.tracer != nullptr) [[unlikely]]
            begin_call(call, request);
    }
    ~EvaluationSpan() {
        if (recording_) [[unlikely]]
            tracing_.span = nullptr;
    }
    EvaluationSpan(const EvaluationSpan&) = delete;

    // The context of the evaluations that follow.
    void set_context(json::Value context);
    void add(const cache::EnvironmentState& environment, const eval::Evaluation& evaluation);
    void end(const net::Response& response) {
        if (recording_) [[unlikely]]
            finish(response.status);
    }
    // `code`: gRPC's.
    void end_call(int code) {
        if (recording_) [[unlikely]]
            finish_call(code);
    }

private:
    struct Recording {
        telemetry::OpenSpan span;
        std::string context_id;
        telemetry::Attributes first;  // of the first evaluation
        std::size_t evaluations = 0;
    };

    void begin(const Route& route, const net::Request& request);
    void begin_call(std::string_view call, const net::Request& request);
    telemetry::Admitted admit(const net::Request& request) const;
    void open(const telemetry::Admitted& admitted, std::string name, const net::Request& request);
    void finish(unsigned status);
    void finish_call(int code);
    void show_only_evaluation();

    EvaluationTracing& tracing_;
    std::unique_ptr<Recording> recording_;  // null: not recorded
};

}  // namespace fanion::relay::serve
