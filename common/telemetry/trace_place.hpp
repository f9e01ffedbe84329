#pragma once

// What is handed from part to part so that their spans belong together. Plain values.

#include "common/telemetry/trace_context.hpp"

namespace fanion::telemetry {

class Tracer;

// Where spans can be opened: below a span that is recorded. Empty: nowhere.
struct TracePlace {
    Tracer* tracer = nullptr;
    TraceContext context = {};

    explicit operator bool() const noexcept { return tracer != nullptr; }
};

// How requests are traced. Without a tracer: not at all.
struct RequestTracing {
    Tracer* tracer = nullptr;
    TraceSampler sampler = TraceSampler();
};

}  // namespace fanion::telemetry
