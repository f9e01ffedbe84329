#pragma once

// Which trace a piece of work belongs to: ids, and the header `traceparent` of the W3C's Trace
// Context, level 1 (https://www.w3.org/TR/trace-context-1/). Pure, except for random_trace_bits;
// thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanion::telemetry {

struct TraceId {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    bool is_set() const noexcept { return (high | low) != 0; }
    friend bool operator==(const TraceId&, const TraceId&) = default;
};

using SpanId = std::uint64_t;  // 0: none

// One span as others refer to it. Empty: there is none.
struct TraceContext {
    TraceId trace;
    SpanId span = 0;
    bool sampled = false;  // whether it is recorded

    explicit operator bool() const noexcept { return trace.is_set() && span != 0; }
    friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

std::string to_hex(const TraceId& trace);  // 32 digits
std::string to_hex(SpanId span);           // 16 digits

// A value of `traceparent`; nullopt if it is malformed. Of a later version of the format, what
// this one knows. Bits other than `sampled` are ignored.
std::optional<TraceContext> parse_traceparent(std::string_view text) noexcept;
// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01". `context` is not empty.
std::string format_traceparent(const TraceContext& context);

// Whether `text` can be passed on as `tracestate`: at most 512 printable characters.
bool is_usable_tracestate(std::string_view text) noexcept;

// 64 bits that no other call of any process returns, in all likelihood; not 0, and not secret. A
// few nanoseconds.
std::uint64_t random_trace_bits() noexcept;

// Takes a share of all traces, by their ids, so that all who use the same share take the same ones.
class TraceSampler {
public:
    // From 0, none, to 1, all.
    explicit TraceSampler(double ratio = 0) noexcept;

    bool takes(const TraceId& trace) const noexcept { return (trace.low >> 1) < bound_; }
    bool takes_none() const noexcept { return bound_ == 0; }

private:
    std::uint64_t bound_;  // of the 63 upper bits of TraceId::low
};

}  // namespace fanion::telemetry
