#pragma once

// A recorded piece of work, in OpenTelemetry's terms, and its form in OTLP
// (https://opentelemetry.io/docs/specs/otlp/, JSON encoding). Plain values; pure.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/telemetry/trace_context.hpp"

namespace fanion::telemetry {

enum class SpanKind : std::uint8_t { internal = 1, server, client, producer, consumer };  // OTLP's numbers

struct Attribute {
    std::string key;
    std::variant<std::string, std::int64_t, double, bool> value;
};
using Attributes = std::vector<Attribute>;

using UnixNanos = std::int64_t;

struct SpanEvent {
    std::string_view name;  // a literal
    UnixNanos at = 0;
    Attributes attributes;
};

struct Span {
    // OpenTelemetry's default limits.
    static constexpr std::size_t most_events = 128;
    static constexpr std::size_t most_attributes = 128;

    TraceContext context;
    SpanId parent = 0;
    std::string trace_state;  // as the caller sent it; may be empty
    std::string name;
    SpanKind kind = SpanKind::internal;
    UnixNanos started_at = 0;
    UnixNanos ended_at = 0;
    Attributes attributes;
    std::vector<SpanEvent> events;
    std::uint32_t dropped_events = 0;
    bool has_failed = false;
    std::string failure;  // why; may be empty
};

// What all spans of a process have in common, and who made them.
struct Resource {
    Attributes attributes;
    std::string scope_version;
};

// An ExportTraceServiceRequest. Texts are cut at 1 KiB; what is not UTF-8 is percent-encoded.
std::string to_otlp_json(const Resource& resource, std::span<const Span> spans);

}  // namespace fanion::telemetry
