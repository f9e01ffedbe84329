#pragma once

// What is counted, logged and recorded of a ruleset that has just been swapped into service.
// Functions of the control thread.

#include "common/base/log.hpp"
#include "common/telemetry/trace_place.hpp"
#include "relay/cache/cache_metrics.hpp"
#include "relay/cache/environment_writer.hpp"

namespace fanion::relay::cache {

struct AppliedSinks {
    CacheMetrics& metrics;
    const Log& log;
    const telemetry::RequestTracing& tracing;
};

// Its span lasts from the receipt of the document. It belongs to the trace of the change that made
// the version, if the document names it (wire::SignatureLine::trace), which nobody has signed: the
// worst that a false one does is to put this span into another trace.
void record_applied(const AcceptedRuleset& ruleset, const AppliedSinks& sinks);

}  // namespace fanion::relay::cache
