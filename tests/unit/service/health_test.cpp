#include "common/service/health.hpp"

#include <catch2/catch.hpp>

using namespace fanion::service;

TEST_CASE("a service is ready between its start and its stop, unless it has a reason of its own") {
    struct Case {
        bool started, stopping;
        std::string own, expected;
    };
    const Case cases[] = {
        {false, false, "", "starting"},      {false, false, "no data", "starting"}, {true, false, "", ""},
        {true, false, "no data", "no data"}, {true, true, "no data", "stopping"},   {false, true, "", "stopping"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.started, c.stopping, c.own);
        Health health;
        health.started = c.started;
        health.stopping = c.stopping;
        CHECK(not_ready_reason(health, c.own) == c.expected);
    }
}

TEST_CASE("the body has a reason exactly when the service is unavailable") {
    CHECK(health_json("") == R"({"status":"ok"})");
    CHECK(health_json("environment \"e_2\" has no data") ==
          R"({"status":"unavailable","reason":"environment \"e_2\" has no data"})");
}
