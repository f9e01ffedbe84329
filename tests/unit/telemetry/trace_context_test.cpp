#include "common/telemetry/trace_context.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace {

using namespace fanion::telemetry;

constexpr std::string_view w3c_example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST_CASE("the example of the W3C's recommendation is read and written") {
    const auto context = parse_traceparent(w3c_example);
    REQUIRE(context);
    CHECK(to_hex(context->trace) == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(to_hex(context->span) == "00f067aa0ba902b7");
    CHECK(context->sampled);
    CHECK(format_traceparent(*context) == w3c_example);
}

TEST_CASE("of the flags only the one for sampling counts") {
    std::string text(w3c_example);
    const auto with_flags = [&](std::string_view flags) { return text.substr(0, 53) + std::string(flags); };
    CHECK_FALSE(parse_traceparent(with_flags("00"))->sampled);
    CHECK_FALSE(parse_traceparent(with_flags("02"))->sampled);
    CHECK(parse_traceparent(with_flags("ff"))->sampled);
    CHECK(format_traceparent(*parse_traceparent(with_flags("02"))) == with_flags("00"));
}

TEST_CASE("a malformed header is no context") {
    const std::string text(w3c_example);
    for (std::size_t length = 0; length < text.size(); ++length) CHECK_FALSE(parse_traceparent(text.substr(0, length)));
    CHECK_FALSE(parse_traceparent(text + "-"));
    CHECK_FALSE(parse_traceparent(text + "-00"));
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char c : {'g', 'A', ' ', '_', '\0'}) {
            auto broken = text;
            broken[at] = c;
            INFO(broken);
            CHECK_FALSE(parse_traceparent(broken));
        }
    }
    CHECK_FALSE(parse_traceparent("ff" + text.substr(2)));
    CHECK_FALSE(parse_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
    CHECK_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
}

TEST_CASE("of a later version the known part is read") {
    const auto later = "cc" + std::string(w3c_example).substr(2);
    CHECK(parse_traceparent(later));
    CHECK(parse_traceparent(later + "-what-comes-after"));
    CHECK_FALSE(parse_traceparent(later + ".what-comes-after"));
}

TEST_CASE("tracestate is passed on as long as it is printable and short") {
    CHECK(is_usable_tracestate("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"));
    CHECK(is_usable_tracestate(std::string(512, 'a')));
    CHECK_FALSE(is_usable_tracestate(std::string(513, 'a')));
    CHECK_FALSE(is_usable_tracestate("a=\r\nb"));
    CHECK_FALSE(is_usable_tracestate("a=\xC3\xA9"));
}

TEST_CASE("random bits are not repeated and never 0") {
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 10'000; ++i) seen.insert(random_trace_bits());
    CHECK(seen.size() == 10'000);
    CHECK_FALSE(seen.contains(0));
}

TEST_CASE("a sampler takes its share, and always the same traces") {
    const TraceSampler none(0);
    const TraceSampler tenth(0.1);
    const TraceSampler half(0.5);
    const TraceSampler all(1);
    CHECK(none.takes_none());
    CHECK_FALSE(tenth.takes_none());
    int taken = 0;
    constexpr int traces = 100'000;
    for (int i = 0; i < traces; ++i) {
        // Spread over the whole range, so that the share is exact but for rounding.
        const TraceId trace{1, static_cast<std::uint64_t>(i) * (~std::uint64_t{0} / traces)};
        CHECK_FALSE(none.takes(trace));
        CHECK(all.takes(trace));
        if (!tenth.takes(trace)) continue;
        ++taken;
        CHECK(half.takes(trace));  // a larger share contains a smaller one
    }
    CHECK(taken >= traces / 10 - 2);
    CHECK(taken <= traces / 10 + 2);
    CHECK(all.takes({0, ~std::uint64_t{0}}));
}

}  // namespace
