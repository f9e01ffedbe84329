// What guards measure, with a real HTTP server as Prometheus, and what comes of it.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;
using test::seconds;

namespace {

const std::string burn_guard =
    R"(,"guards":[{"prometheus":"main","error_ratio":"errors[$window]","slo":0.999,"burn":14.4,"long":"1h",)"
    R"("short":"5m","on_breach":")";
const std::string query_guard = R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":")";

}  // namespace

TEST_CASE_METHOD(Rollouts, "a burn rate over both windows rolls back, and edits by others stay") {
    make_source();
    prometheus.set("errors[1h]", "0.0001");
    prometheus.set("errors[5m]", "0.0001");
    const auto place = started(two_steps, burn_guard + "rollback\"}]");
    look();
    CHECK(shown(place).at("/share") == "10000");
    REQUIRE(patch_flag(R"({"targets":[{"attribute":"targetingKey","values":["alice"],"variation":"on"}]})").status ==
            200);
    prometheus.set("errors[5m]", "0.02");
    pass(30 * seconds);
    CHECK(state(place) == "running");  // only one of the windows
    prometheus.set("errors[1h]", "0.015");
    pass(15 * seconds);
    const auto end = shown(place);
    INFO(end.body);
    CHECK(end.at("/state") == "rolled_back");
    CHECK(end.at("/reason") == "guard");
    CHECK(end.at("/detail") == "guard 1: burn rate 15 over 1h and 20 over 5m; the limit is 14.4");
    CHECK(end.at("/decisions/0/evidence/guards/0/over") == "true");
    CHECK(end.at("/ended_at") != "null");
    CHECK(served() == R"({"variation":"off"})");
    CHECK(get(flag, owner).at("/targets/0/values/0") == "alice");
    const auto entries = get(home + "/audit?action=rollout.stopped", owner);
    CHECK(entries.at("/items/0/entry/after/decision/detail") == end.at("/detail"));
    CHECK(entries.at("/items/0/entry/comment") == end.at("/detail"));
}

TEST_CASE_METHOD(Rollouts, "a breach that stood before the first step holds, and never rolls back") {
    make_source();
    prometheus.set("latency", "0.5");
    const auto place = started(two_steps, query_guard + "rollback\"}]");
    pass(1 * minutes);
    CHECK(state(place) == "held");
    CHECK(served() == R"({"variation":"off"})");
    prometheus.set("latency", "0.1");
    pass(30 * seconds);
    CHECK(state(place) == "running");  // by itself
    CHECK(shown(place).at("/share") == "10000");
}

TEST_CASE_METHOD(Rollouts, "a guard that holds: no further step until the breach is gone for twice its window") {
    make_source();
    prometheus.set("errors[1h]", "0");
    prometheus.set("errors[5m]", "0");
    const auto place = started(two_steps, burn_guard + "hold\"}]");
    look();
    prometheus.set("errors[1h]", "0.5");
    prometheus.set("errors[5m]", "0.5");
    pass(20 * minutes);
    CHECK(state(place) == "held");
    CHECK(shown(place).at("/share") == "10000");  // what is out stays out
    prometheus.set("errors[5m]", "0");
    pass(9 * minutes);
    CHECK(state(place) == "held");
    pass(2 * minutes);
    CHECK(state(place) == "running");
    pass(11 * minutes);
    CHECK(state(place) == "completed");
}

TEST_CASE_METHOD(Rollouts, "a guard turns the flag off") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place = started(two_steps, query_guard + "turn_off\"}]");
    look();
    prometheus.set("latency", "0.4");
    pass(15 * seconds);
    CHECK(state(place) == "turned_off");
    CHECK(get(flag, owner).at("/enabled") == "false");
    CHECK(get(flag, owner).at("/rules/0/serve/split/ranges") == R"([[0,10000,"on"]])");
}

TEST_CASE_METHOD(Rollouts, "a guard that alerts tells once and changes nothing") {
    make_source();
    prometheus.set("latency", "0.4");
    const auto place = started(two_steps, query_guard + "alert\"}]");
    pass(5 * minutes);
    CHECK(state(place) == "running");
    CHECK(sql("SELECT string_agg(action, ' ' ORDER BY seq) FROM fanion.rollout_decisions") == "advance alert");
    pass(10 * minutes);
    CHECK(state(place) == "completed");
}

TEST_CASE_METHOD(Rollouts, "a query must be over its threshold for as long as the guard says") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place =
        started(two_steps,
                R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"for":"1m","on_breach":"rollback"}])");
    look();
    prometheus.set("latency", "0.4");
    pass(50 * seconds);
    CHECK(state(place) == "running");
    prometheus.set("latency", "0.1");
    pass(30 * seconds);
    prometheus.set("latency", "0.4");
    pass(50 * seconds);
    CHECK(state(place) == "running");
    pass(30 * seconds);
    CHECK(state(place) == "rolled_back");
}

TEST_CASE_METHOD(Rollouts, "without an answer of exactly one number the rollout is held, and goes on with one") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place = started(two_steps, query_guard + "rollback\"}]");
    look();
    struct Answer {
        unsigned status;
        std::string body;
        std::string detail;
    };
    for (const auto& answer : std::initializer_list<Answer>{
             {503, "{}", "Prometheus answers with status 503"},
             {200, "<html>", "the answer is not JSON"},
             {200, R"({"status":"error"})", "the query failed"},
             {200, R"({"status":"success","data":{"resultType":"vector","result":[]}})",
              "the query gives 0 samples instead of one"},
             {200, R"({"status":"success","data":{"resultType":"vector","result":[{"value":[1,"NaN"]}]}})",
              "the sample is not a finite number"},
             {200, std::string(100'000, '['), ""}}) {
        CAPTURE(answer.body.substr(0, 80));
        prometheus.answer(answer.status, answer.body);
        pass(15 * seconds);
        CHECK(state(place) == "held");
        CHECK(shown(place).at("/reason") == "no_data");
        CHECK(shown(place).at("/last_look/evidence/guards/0/value") == "null");
        if (!answer.detail.empty()) CHECK(shown(place).at("/last_look/evidence/guards/0/detail") == answer.detail);
        prometheus.answer_normally();
        pass(15 * seconds);
        CHECK(state(place) == "running");
    }
}

TEST_CASE_METHOD(Rollouts, "a share of our own counts turns a rollout back") {
    const auto place =
        started(two_steps, R"(,"guards":[{"evaluations":"share","reason":"ERROR","above":0.1,"window":"5m",)"
                           R"("min_evaluations":100,"on_breach":"rollback"}])");
    look();
    count("off", "ERROR", 20);
    pass(30 * seconds);
    CHECK(state(place) == "running");  // too few to judge
    CHECK(shown(place).at("/last_look/evidence/guards/0/detail") == "too few evaluations to judge: 20");
    count("on", "SPLIT", 380);
    pass(15 * seconds);
    CHECK(state(place) == "running");
    CHECK(shown(place).at("/last_look/evidence/guards/0/value") == "0.05");
    count("on", "ERROR", 40);
    pass(15 * seconds);
    CHECK(state(place) == "rolled_back");
    CHECK(shown(place).at("/detail") ==
          "guard 1: the share of evaluations is 0.1364 over 5m; it guards against above 0.1");
}

TEST_CASE_METHOD(Rollouts, "a number of our own counts can be too small") {
    const auto place =
        started(two_steps, R"(,"guards":[{"evaluations":"number","variation":"off","below":5,"window":"1m",)"
                           R"("on_breach":"hold"}])");
    count("off", "DEFAULT", 5);
    look();
    CHECK(shown(place).at("/share") == "10000");
    pass(3 * minutes);
    CHECK(state(place) == "held");
}

TEST_CASE_METHOD(Rollouts, "private addresses are not asked unless they are opened") {
    make_source();
    prometheus.set("latency", "0.1");
    test::RolloutReplica closed(*this, pool, {});
    const auto place = started(two_steps, query_guard + "hold\"}]");
    run(closed.runner.run_until_idle());
    CHECK(state(place) == "held");
    CHECK(shown(place).at("/detail").find("private, loopback") != std::string::npos);
    CHECK(prometheus.authorizations().empty());
}

TEST_CASE_METHOD(Rollouts, "the token of a source is sent with each query, and shown to nobody") {
    make_source("s3cret-token");
    prometheus.set("latency", "0.1");
    const auto place = started(two_steps, query_guard + "hold\"}]");
    look();
    CHECK(shown(place).at("/share") == "10000");
    CHECK(prometheus.authorizations() == std::vector<std::string>{"Bearer s3cret-token"});
    CHECK(get(home + "/prometheus/main", owner).at("/has_token") == "true");
    for (const auto* path : {"/prometheus", "/prometheus/main", "/audit?canonical=true"}) {
        CHECK(get(home + path, owner).body.find("s3cret") == std::string::npos);
    }
    CHECK(sql("SELECT position('s3cret'::bytea IN token) FROM fanion.prometheus_sources") == "0");
}
