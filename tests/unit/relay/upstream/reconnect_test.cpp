#include <catch2/catch.hpp>

#include "relay/upstream/reconnect.hpp"

using namespace fanion::relay::upstream;
using namespace std::chrono_literals;

namespace {

Reconnect with(std::size_t upstreams) {
    ReconnectParameters parameters;
    parameters.upstreams = upstreams;
    return Reconnect(parameters);
}

}  // namespace

TEST_CASE("waits double with full jitter up to 30 s and never end") {
    auto reconnect = with(1);
    const std::chrono::milliseconds bounds[] = {500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s};
    for (const auto bound : bounds) {
        reconnect.on_failed(false);
        const auto step = reconnect.next(0.5);
        CHECK(step.wait == bound / 2);
        CHECK_FALSE(step.poll);
    }
}

TEST_CASE("a valid document resets the backoff, other data does not") {
    auto reconnect = with(1);
    for (int i = 0; i < 5; ++i) {
        reconnect.on_failed(false);
        reconnect.next(1);
    }
    reconnect.on_data();
    reconnect.on_failed(true);
    CHECK(reconnect.next(1).wait == 16s);
    reconnect.on_accepted();
    reconnect.on_failed(true);
    CHECK(reconnect.next(1).wait == 500ms);
}

TEST_CASE("every failure selects the next upstream; a stream that the server closed does not") {
    auto reconnect = with(3);
    CHECK(reconnect.upstream() == 0);
    reconnect.on_failed(false);
    CHECK(reconnect.upstream() == 1);
    reconnect.on_refused();
    CHECK(reconnect.upstream() == 2);
    reconnect.on_data();
    reconnect.on_closed(std::nullopt);
    CHECK(reconnect.upstream() == 2);
    reconnect.on_failed(true);
    CHECK(reconnect.upstream() == 0);
}

TEST_CASE("after a stream that the server closed, its reconnection time is used") {
    auto reconnect = with(1);
    reconnect.on_data();
    reconnect.on_closed(2'000ms);
    CHECK(reconnect.next(0.5).wait == 1'000ms);
}

TEST_CASE("401 and 403 slow attempts down to one a minute until the key changes or a stream delivers a document") {
    auto reconnect = with(1);
    reconnect.on_refused();
    CHECK(reconnect.next(0).wait == 60s);
    SECTION("another key") { reconnect.on_credential_changed(); }
    SECTION("a valid document") { reconnect.on_accepted(); }
    reconnect.on_failed(false);
    CHECK(reconnect.next(0.999).wait < 1s);
}

TEST_CASE("three streams in a row that deliver no bytes lead to polling") {
    auto reconnect = with(1);
    for (unsigned i = 0; i < Reconnect::silent_streams; ++i) {
        CHECK_FALSE(reconnect.is_polling());
        reconnect.on_failed(true);
    }
    CHECK(reconnect.is_polling());
    for (int i = 0; i < 6; ++i) {
        const auto step = reconnect.next(0.5);
        CHECK(step.poll);
        CHECK(step.wait == 10s);
    }
    CHECK_FALSE(reconnect.next(0.5).poll);  // a stream is tried again now and then

    SECTION("a stream that passes ends it") {
        reconnect.on_data();
        CHECK_FALSE(reconnect.is_polling());
    }
    SECTION("so does a poll that reaches nobody: the upstream is away, streams come back as usual") {
        reconnect.on_polled(false);
        CHECK_FALSE(reconnect.is_polling());
    }
    SECTION("a poll that was answered does not") {
        reconnect.on_polled(true);
        CHECK(reconnect.is_polling());
    }
}

TEST_CASE("an upstream that cannot be reached does not lead to polling") {
    auto reconnect = with(1);
    for (int i = 0; i < 10; ++i) reconnect.on_failed(false);
    CHECK_FALSE(reconnect.is_polling());
}
