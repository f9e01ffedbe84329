#include "common/telemetry/tracer.hpp"

#include <catch2/catch.hpp>
#include <thread>

namespace {

using namespace fanion::telemetry;

constexpr std::string_view sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::string_view not_sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

TEST_CASE("the caller decides whether its trace is recorded, the sampler about others") {
    const Tracer tracer;
    const TraceSampler none(0);
    const TraceSampler all(1);
    const auto joined = tracer.admit(sampled, none);
    CHECK(joined.context.sampled);
    CHECK(joined.parent == 0x00f067aa0ba902b7u);
    CHECK(to_hex(joined.context.trace) == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(joined.context.span != joined.parent);
    CHECK_FALSE(tracer.admit(not_sampled, all).context.sampled);
    for (const auto* header : {"", "malformed"}) {
        CHECK(tracer.admit(header, all).context.sampled);
        CHECK_FALSE(tracer.admit(header, none).context.sampled);
        CHECK(tracer.admit(header, none).context);
        CHECK(tracer.admit(header, all).parent == 0);
    }
}

TEST_CASE("a span and its children are queued as they end") {
    Tracer tracer;
    {
        auto span = tracer.open(tracer.admit(sampled, TraceSampler(0)), "GET /flags", SpanKind::server);
        REQUIRE(span);
        span.set("http.route", "/flags");
        span.set("http.response.status_code", std::int64_t{200});
        auto child = open_child(span.place(), "transaction");
        child.fail("rolled back");
        child.end();
        child.end();
        CHECK(tracer.queued() == 1);
    }
    const auto spans = tracer.take(10);
    REQUIRE(spans.size() == 2);
    const auto& [child, parent] = std::tie(spans[0], spans[1]);
    CHECK(child.name == "transaction");
    CHECK(child.parent == parent.context.span);
    CHECK(child.context.trace == parent.context.trace);
    CHECK(child.has_failed);
    CHECK(child.failure == "rolled back");
    CHECK(child.started_at >= parent.started_at);
    CHECK(child.ended_at >= child.started_at);
    CHECK(parent.parent == 0x00f067aa0ba902b7u);
    CHECK(parent.kind == SpanKind::server);
    CHECK(parent.attributes.size() == 2);
    CHECK(tracer.queued() == 0);
}

TEST_CASE("without a span nothing is recorded, whatever is said of it") {
    Tracer tracer;
    {
        OpenSpan span;
        span.set("a", "b");
        span.set("a", std::int64_t{1});
        span.add_event("e", {});
        span.fail("x");
        span.set_trace_state("a=b");
        span.began_before(std::chrono::seconds(1));
        CHECK_FALSE(span);
        CHECK_FALSE(open_child(span.place(), "child"));
        CHECK_FALSE(tracer.open(tracer.admit("", TraceSampler(0)), "x", SpanKind::server));
    }
    CHECK(tracer.queued() == 0);
}

TEST_CASE("a full queue drops and counts what comes") {
    Tracer tracer(3, 2);
    int batches = 0;
    tracer.on_batch([&] { ++batches; });
    for (int i = 0; i < 5; ++i) tracer.open(tracer.admit("", TraceSampler(1)), std::to_string(i), SpanKind::internal);
    CHECK(tracer.queued() == 3);
    CHECK(tracer.metrics().queue_full.value() == 2);
    CHECK(batches == 1);
    const auto taken = tracer.take(2);
    CHECK(taken.front().name == "0");
    CHECK(tracer.take(2).front().name == "2");
}

TEST_CASE("events and attributes are bounded") {
    Tracer tracer;
    {
        auto span = tracer.open(tracer.admit("", TraceSampler(1)), "bulk", SpanKind::server);
        for (std::size_t i = 0; i < Span::most_events + 7; ++i) span.add_event("evaluation", {});
        for (std::size_t i = 0; i < Span::most_attributes + 7; ++i) span.set(std::to_string(i), "x");
    }
    const auto spans = tracer.take(1);
    CHECK(spans[0].events.size() == Span::most_events);
    CHECK(spans[0].dropped_events == 7);
    CHECK(spans[0].attributes.size() == Span::most_attributes);
}

TEST_CASE("work may have begun before its span") {
    Tracer tracer;
    {
        auto span = tracer.open(tracer.admit("", TraceSampler(1)), "swap", SpanKind::consumer);
        span.began_before(std::chrono::seconds(3));
    }
    const auto span = tracer.take(1).front();
    CHECK(span.ended_at - span.started_at >= 3'000'000'000);
}

TEST_CASE("spans come from several threads") {
    Tracer tracer(100'000, 1'000'000);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&tracer] {
            for (int n = 0; n < 1'000; ++n) tracer.open(tracer.admit("", TraceSampler(1)), "x", SpanKind::internal);
        });
    }
    threads.clear();
    CHECK(tracer.queued() == 4'000);
}

}  // namespace
