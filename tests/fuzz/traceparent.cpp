// The header traceparent and the member `trace` of line 0 as anybody may send them: no crash; what is read is not empty, and
// is read again from what is written.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/telemetry/trace_context.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fanion::telemetry;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)is_usable_tracestate(text);
    const auto context = parse_traceparent(text);
    if (!context) return 0;
    const auto written = format_traceparent(*context);
    const bool is_same = *context && parse_traceparent(written) == context;
    const bool is_prefix = text.substr(3, 49) == std::string_view(written).substr(3, 49);
    if (!is_same || !is_prefix) std::abort();
    return 0;
}
