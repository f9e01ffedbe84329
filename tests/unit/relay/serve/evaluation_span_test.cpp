// What is recorded of requests for evaluations, and of which.

#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

constexpr auto sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr auto not_sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

struct TracedRelay : ServedRelay {
    explicit TracedRelay(double ratio = 1, bool context_ids = false) {
        services->tracing = {&tracer, telemetry::TraceSampler(ratio), context_ids};
    }
    ~TracedRelay() { CHECK(services->tracing.span == nullptr); }

    Answer ask_in(const char* traceparent, const std::string& target, const std::string& body) {
        return ask({.target = target, .body = body, .headers = {{"traceparent", traceparent}}});
    }
    // The only one.
    telemetry::Span span() {
        auto spans = tracer.take(10);
        REQUIRE(spans.size() == 1);
        return std::move(spans.front());
    }

    telemetry::Tracer tracer;
};

std::string text_of(const telemetry::Attributes& attributes, std::string_view key) {
    for (const auto& attribute : attributes)
        if (attribute.key == key) return std::get<std::string>(attribute.value);
    return "";
}

}  // namespace

TEST_CASE("an evaluation has the attributes of OpenTelemetry's conventions, and nothing of the context") {
    TracedRelay relay;
    CHECK(
        relay
            .ask_in(sampled, "/ofrep/v1/evaluate/flags/ruled", R"({"context":{"targetingKey":"alice","country":"DE"}})")
            .status == 200);
    const auto span = relay.span();
    CHECK(span.parent == 0x00f067aa0ba902b7u);
    CHECK(span.name == "POST /ofrep/v1/evaluate/flags/{key}");
    REQUIRE(span.events.size() == 1);
    const auto& attributes = span.events[0].attributes;
    CHECK(span.events[0].name == "feature_flag.evaluation");
    CHECK(text_of(attributes, "feature_flag.key") == "ruled");
    CHECK(text_of(attributes, "feature_flag.result.reason") == "targeting_match");
    CHECK_FALSE(text_of(attributes, "feature_flag.result.variant").empty());
    CHECK(text_of(attributes, "feature_flag.set.id") == "e_test");
    CHECK(text_of(attributes, "feature_flag.version") == "1763719200.1");
    CHECK(text_of(attributes, "feature_flag.provider.name") == "fanion");
    CHECK(text_of(attributes, "feature_flag.context.id").empty());
    CHECK(text_of(span.attributes, "feature_flag.key") == "ruled");
    CHECK(telemetry::to_otlp_json({}, std::span(&span, 1)).find("alice") == std::string::npos);
}

TEST_CASE("the targeting key is named where that is allowed, each with its own evaluations") {
    TracedRelay relay(1, true);
    const auto* body =
        R"({"flags":["ruled"],"contexts":[{"targetingKey":"alice"},{"targetingKey":7},{"targetingKey":"bob"}]})";
    CHECK(relay.ask_in(sampled, "/api/v1/evaluate", body).status == 200);
    const auto span = relay.span();
    REQUIRE(span.events.size() == 3);
    CHECK(text_of(span.events[0].attributes, "feature_flag.context.id") == "alice");
    CHECK(text_of(span.events[1].attributes, "feature_flag.context.id").empty());
    CHECK(text_of(span.events[2].attributes, "feature_flag.context.id") == "bob");
    CHECK(text_of(span.attributes, "feature_flag.key").empty());
}

TEST_CASE("the caller may forbid a record, the ratio too, and other routes have none") {
    const std::string target = "/api/v1/evaluate/basic";
    TracedRelay relay;
    CHECK(relay.ask_in(not_sampled, target, "{}").status == 200);
    CHECK(relay.ask_in(sampled, "/api/v1/explain/basic", "{}").status == 200);
    CHECK(relay.tracer.queued() == 0);
    TracedRelay none(0);
    CHECK(none.ask_in(sampled, target, "{}").status == 200);
    CHECK(none.tracer.queued() == 0);
    CHECK(relay.ask_in("malformed", target, "{}").status == 200);
    CHECK(relay.span().parent == 0);
}

TEST_CASE("errors and refusals are recorded as what they are") {
    TracedRelay relay;
    CHECK(relay.ask_in(sampled, "/ofrep/v1/evaluate/flags/no-such-flag", "{}").status == 404);
    auto span = relay.span();
    CHECK(text_of(span.attributes, "error.type") == "flag_not_found");
    CHECK(text_of(span.attributes, "feature_flag.result.reason") == "error");
    CHECK(relay.ask_in(sampled, "/ofrep/v1/evaluate/flags/ruled", "{").status == 400);
    span = relay.span();
    CHECK(span.events.empty());
    CHECK_FALSE(span.has_failed);
}

TEST_CASE("a bulk request has an event for each flag") {
    TracedRelay relay;
    CHECK(relay.ask_in(sampled, "/ofrep/v1/evaluate/flags", R"({"context":{"targetingKey":"u"}})").status == 200);
    const auto span = relay.span();
    CHECK(span.events.size() + span.dropped_events == relay.services->metrics.evaluations());
}
