#include <charconv>
#include <cmath>
#include <type_traits>

#include "common/base/text.hpp"
#include "common/telemetry/span.hpp"

namespace fanion::telemetry {
namespace {

constexpr std::size_t longest_text = 1024;
constexpr int status_error = 2;

void append_text(std::string& out, std::string_view text) {
    if (is_valid_utf8(text)) {
        append_json_string(out, text.size() <= longest_text ? std::string(text) : shortened(text, longest_text));
    } else {
        append_json_string(out, shortened(percent_encode(text.substr(0, longest_text)), longest_text));
    }
}

// In OTLP's JSON 64-bit integers are strings.
void append_quoted(std::string& out, std::int64_t value) {
    out += '"';
    out += std::to_string(value);
    out += '"';
}

void append_double(std::string& out, double value) {
    if (!std::isfinite(value)) {
        out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
        return;
    }
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_value(std::string& out, const Attribute& attribute) {
    std::visit(
        [&out](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, std::string>) {
                out += "{\"stringValue\":";
                append_text(out, value);
            } else if constexpr (std::is_same_v<T, std::int64_t>) {
                out += "{\"intValue\":";
                append_quoted(out, value);
            } else if constexpr (std::is_same_v<T, double>) {
                out += "{\"doubleValue\":";
                append_double(out, value);
            } else {
                out += value ? "{\"boolValue\":true" : "{\"boolValue\":false";
            }
            out += '}';
        },
        attribute.value);
}

void append_attributes(std::string& out, const Attributes& attributes) {
    out += "\"attributes\":[";
    bool is_first = true;
    for (const auto& attribute : attributes) {
        if (!is_first) out += ',';
        is_first = false;
        out += "{\"key\":";
        append_text(out, attribute.key);
        out += ",\"value\":";
        append_value(out, attribute);
        out += '}';
    }
    out += ']';
}

void append_events(std::string& out, const Span& span) {
    if (span.events.empty()) return;
    out += ",\"events\":[";
    for (const auto& event : span.events) {
        if (&event != &span.events.front()) out += ',';
        out += "{\"timeUnixNano\":";
        append_quoted(out, event.at);
        out += ",\"name\":";
        append_text(out, event.name);
        out += ',';
        append_attributes(out, event.attributes);
        out += '}';
    }
    out += ']';
    if (span.dropped_events > 0) out += ",\"droppedEventsCount\":" + std::to_string(span.dropped_events);
}

void append_span(std::string& out, const Span& span) {
    out += "{\"traceId\":\"" + to_hex(span.context.trace) + "\",\"spanId\":\"" + to_hex(span.context.span) + '"';
    if (span.parent != 0) out += ",\"parentSpanId\":\"" + to_hex(span.parent) + '"';
    if (!span.trace_state.empty()) {
        out += ",\"traceState\":";
        append_text(out, span.trace_state);
    }
    out += ",\"flags\":1,\"name\":";
    append_text(out, span.name);
    out += ",\"kind\":" + std::to_string(static_cast<int>(span.kind)) + ",\"startTimeUnixNano\":";
    append_quoted(out, span.started_at);
    out += ",\"endTimeUnixNano\":";
    append_quoted(out, span.ended_at);
    out += ',';
    append_attributes(out, span.attributes);
    append_events(out, span);
    if (span.has_failed) {
        out += ",\"status\":{\"code\":" + std::to_string(status_error);
        if (!span.failure.empty()) {
            out += ",\"message\":";
            append_text(out, span.failure);
        }
        out += '}';
    }
    out += '}';
}

}  // namespace

std::string to_otlp_json(const Resource& resource, std::span<const Span> spans) {
    std::string out = "{\"resourceSpans\":[{\"resource\":{";
    append_attributes(out, resource.attributes);
    out += "},\"scopeSpans\":[{\"scope\":{\"name\":\"fanion\",\"version\":";
    append_text(out, resource.scope_version);
    out += "},\"spans\":[";
    for (const auto& span : spans) {
        if (&span != spans.data()) out += ',';
        append_span(out, span);
    }
    out += "]}]}]}";
    return out;
}

}  // namespace fanion::telemetry
