#include <catch2/catch.hpp>
#include <limits>

#include "common/telemetry/span.hpp"

namespace {

using namespace fanion::telemetry;

Span some_span() {
    Span span;
    span.context = *parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    span.name = "GET /flags";
    span.kind = SpanKind::server;
    span.started_at = 1'763'720'000'123'456'789;
    span.ended_at = 1'763'720'000'123'456'790;
    return span;
}

std::string one(const Span& span) { return to_otlp_json({{}, "1.0"}, std::span(&span, 1)); }

bool has(const std::string& text, const std::string& part) {
    UNSCOPED_INFO(text);
    return text.find(part) != std::string::npos;
}

TEST_CASE("a request in OTLP's JSON") {
    auto span = some_span();
    span.parent = 0x1;
    span.attributes = {{"text", "a\"b"}, {"count", std::int64_t{-5}}, {"share", 0.5}, {"yes", true}};
    span.events = {{"feature_flag.evaluation", 7, {{"feature_flag.key", "k"}}}};
    span.dropped_events = 2;
    span.has_failed = true;
    span.failure = "gone";
    const Resource resource{{{"service.name", "fanion-relay"}}, "0.1.0"};
    CHECK(
        to_otlp_json(resource, std::span(&span, 1)) ==
        R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"fanion-relay"}}]},)"
        R"("scopeSpans":[{"scope":{"name":"fanion","version":"0.1.0"},"spans":[{)"
        R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","parentSpanId":"0000000000000001",)"
        R"("flags":1,"name":"GET /flags","kind":2,)"
        R"("startTimeUnixNano":"1763720000123456789","endTimeUnixNano":"1763720000123456790",)"
        R"("attributes":[{"key":"text","value":{"stringValue":"a\"b"}},{"key":"count","value":{"intValue":"-5"}},)"
        R"({"key":"share","value":{"doubleValue":0.5}},{"key":"yes","value":{"boolValue":true}}],)"
        R"("events":[{"timeUnixNano":"7","name":"feature_flag.evaluation",)"
        R"("attributes":[{"key":"feature_flag.key","value":{"stringValue":"k"}}]}],"droppedEventsCount":2,)"
        R"("status":{"code":2,"message":"gone"}}]}]}]})");
}

TEST_CASE("what is empty is left out") {
    const auto text = one(some_span());
    for (const auto* name : {"parentSpanId", "events", "dropped", "status", "traceState"}) CHECK_FALSE(has(text, name));
}

TEST_CASE("texts that are not UTF-8 are percent-encoded, and long ones are cut between characters") {
    auto span = some_span();
    span.attributes = {{"broken", "a\xff"}};
    CHECK(has(one(span), R"({"stringValue":"a%FF"})"));
    std::string text;
    for (int i = 0; i < 600; ++i) text += "\xC3\xA9";
    span.attributes = {{"long", text}};
    CHECK(has(one(span), text.substr(0, 1020)));
    CHECK_FALSE(has(one(span), text.substr(0, 1028)));
}

TEST_CASE("numbers that JSON does not have are those of protobuf's JSON") {
    auto span = some_span();
    using limits = std::numeric_limits<double>;
    span.attributes = {{"a", limits::infinity()}, {"b", -limits::infinity()}, {"c", limits::quiet_NaN()}};
    const auto text = one(span);
    CHECK(has(text, R"("doubleValue":"Infinity")"));
    CHECK(has(text, R"("doubleValue":"-Infinity")"));
    CHECK(has(text, R"("doubleValue":"NaN")"));
}

}  // namespace
