#pragma once

// The field `trace_id` of a line of the log: log.info("x", {{"a", 1}, TraceField(request.trace)}).
// Without a trace there is none. A value, to be made in the call.

#include <string>

#include "common/base/log.hpp"
#include "common/telemetry/trace_context.hpp"

namespace fanion::telemetry {

class TraceField {
public:
    explicit TraceField(const TraceContext& context)
        : text_(context.trace.is_set() ? to_hex(context.trace) : std::string()) {}
    operator LogField() const { return {text_.empty() ? "" : "trace_id", text_}; }

private:
    std::string text_;
};

}  // namespace fanion::telemetry
