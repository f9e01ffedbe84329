// A plan from its first step to its last: shares, movement, time, publications and what tells of them.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;
using test::seconds;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Rollouts, "the steps of a plan are taken when their time has come, and each adds to the ranges") {
    const auto place = started(R"({"share":1000,"hold":"1m"},{"share":10000,"hold":"2m"},{"share":100000})", "");
    CHECK(state(place) == "running");
    CHECK(served() == R"({"variation":"off"})");
    CHECK(look() == 1);
    CHECK(served() == R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,1000,"on"]],"otherwise":"off"}})");
    CHECK(shown(place).at("/step") == "1");
    pass(2 * seconds);  // the relays, of which there are none, have it
    CHECK(shown(place).at("/reason") == "hold");
    pass(59 * seconds);
    CHECK(shown(place).at("/step") == "1");
    pass(1 * seconds);
    CHECK(served() ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,10000,"on"]],"otherwise":"off"}})");
    pass(3 * minutes);
    CHECK(served() == R"({"variation":"on"})");
    const auto end = shown(place);
    CHECK(end.at("/state") == "completed");
    CHECK(end.at("/share") == "100000");
    CHECK(end.at("/next_look_at") == "null");
    CHECK(end.at("/decisions/0/action") == "complete");
    CHECK(end.at("/decisions/2/action") == "advance");
    CHECK(end.at("/decisions/2/seq") == "1");
    CHECK(look() == 0);
}

TEST_CASE_METHOD(Rollouts, "the last step is held too if the plan says so, and then stands in the rule's place") {
    const auto place = started(R"({"share":50000},{"share":100000,"hold":"1m"})", "");
    look();
    pass(2 * seconds);
    CHECK(served() == R"({"variation":"on"})");
    CHECK(state(place) == "running");
    pass(2 * minutes);
    CHECK(state(place) == "completed");
}

TEST_CASE_METHOD(Rollouts, "the fallthrough has no id") {
    const auto place =
        started(R"({"flag":"f","from":"off","to":"on","steps":[{"share":20000,"hold":"1h"},{"share":100000}]})");
    look();
    CHECK(get(flag, owner).at("/fallthrough/split/ranges") == R"([[0,20000,"on"]])");
    CHECK(served() == R"({"variation":"off"})");
    CHECK(shown(place).at("/rule") == "null");
}

TEST_CASE_METHOD(Rollouts, "a split that is there grows, and its own bucketing stays") {
    REQUIRE(patch_flag(R"({"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of","values":["DE"]},)"
                       R"("serve":{"split":{"by":"/org/id","salt":"mine","ranges":[[500,1500,"on"]],)"
                       R"("otherwise":"off"}}}]})")
                .status == 200);
    const auto place = started(R"({"share":5000,"hold":"1h"},{"share":100000})", "");
    look();
    const auto split = get(flag, owner);
    CHECK(split.at("/rules/0/serve/split/by") == "/org/id");
    CHECK(split.at("/rules/0/serve/split/salt") == "mine");
    CHECK(split.at("/rules/0/serve/split/otherwise") == "off");
    CHECK(shown(place).at("/share") == "5000");
}

TEST_CASE_METHOD(Rollouts, "another attempt begins with the same users") {
    const auto first = started(R"({"share":3000,"hold":"1h"},{"share":100000})", "");
    look();
    const auto ranges = served();
    REQUIRE(post(first + "/cancel", owner, "{}").status == 200);
    REQUIRE(patch_flag(R"({"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of","values":["DE"]},)"
                       R"("serve":{"variation":"off"}}]})")
                .status == 200);
    const auto again = start(get(first, owner).body);  // the plan as GET shows it
    INFO(again.body);
    REQUIRE(again.status == 201);
    CHECK(again.at("/attempt") == "2");
    look();
    CHECK(served() == ranges);
}

TEST_CASE_METHOD(Rollouts, "the time of a step counts from the moment when the relays have it") {
    const auto place = started(R"({"share":1000,"hold":"1m"},{"share":100000})", "");
    look();
    const auto report = [&](const std::string& number) {
        sql("INSERT INTO fanion.relay_status (org_id, relay_id, env_id, epoch, version, state, reported_at) SELECT "
            "org_id, 'eu-1', env_id, epoch, " +
            number + ", 'applied', to_timestamp(" + std::to_string(clock.now() / 1000) +
            ") FROM fanion.environments WHERE key = 'staging' ON CONFLICT (relay_id, env_id, org_id) DO UPDATE SET "
            "version = excluded.version, reported_at = excluded.reported_at");
    };
    report("version - 1");
    pass(50 * seconds);
    report("version - 1");
    pass(50 * seconds);
    CHECK(shown(place).at("/reason") == "propagation");
    CHECK(shown(place).at("/detail") == "1 of 1 relays have not applied the step");
    report("version");
    pass(50 * seconds);
    CHECK(shown(place).at("/reason") == "hold");
    pass(15 * seconds);
    CHECK(state(place) == "completed");
}

TEST_CASE_METHOD(Rollouts, "a step with too few evaluations waits, at most max_wait") {
    const auto place = started(R"({"share":1000,"min_evaluations":10},{"share":100000})",
                               R"(,"max_wait":"5m","on":{"max_wait":"rollback"})");
    look();
    const auto version = std::stoll(get(flag, owner).at("/version"));
    count("on", "SPLIT", 50, version - 1);  // of before
    count("off", "SPLIT", 50, version);
    count("on", "SPLIT", 9, version);
    pass(4 * minutes);
    CHECK(shown(place).at("/reason") == "evaluations");
    CHECK(shown(place).at("/detail") == "9 evaluations to `on` since the step");
    pass(2 * minutes);
    CHECK(state(place) == "rolled_back");
    CHECK(shown(place).at("/reason") == "max_wait");
    CHECK(served() == R"({"variation":"off"})");
}

TEST_CASE_METHOD(Rollouts, "a step that needs an approval waits for it") {
    const auto place = started(R"({"share":1000},{"share":50000,"approval":true},{"share":100000})", "");
    look();
    CHECK(post(place + "/approve", owner, "{}").status == 200);  // before it is its turn
    CHECK(post(place + "/approve", owner, "{}").errors() == Texts{" nothing_to_approve"});
    pass(5 * seconds);
    CHECK(shown(place).at("/step") == "3");
    CHECK(state(place) == "completed");
    REQUIRE(patch_flag(R"({"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of","values":["DE"]},)"
                       R"("serve":{"variation":"off"}}]})")
                .status == 200);
    const auto other = started(R"({"share":50000,"approval":true},{"share":100000})", "");
    pass(1 * minutes);
    CHECK(shown(other).at("/reason") == "approval");
    CHECK(served() == R"({"variation":"off"})");
    CHECK(post(other + "/approve", owner, "{}").at("/approved") == "true");
    look();
    CHECK(shown(other).at("/share") == "50000");
}

TEST_CASE_METHOD(Rollouts, "a step is a change like any other: its version, its audit entries, its author") {
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})", "");
    const auto before = get(staging + "/versions?limit=1", owner).at("/items/0/version");
    look();
    const auto id = place.substr(place.rfind('/') + 1);
    const auto version = get(staging + "/versions?limit=1", owner);
    CHECK(version.at("/items/0/version") != before);
    INFO(version.body);
    CHECK(version.body.find("rollout/" + id) != std::string::npos);
    const auto entries = get(home + "/audit?limit=2", owner);
    INFO(entries.body);
    CHECK(entries.at("/items/0/entry/action") == "flag.configured");
    CHECK(entries.at("/items/0/entry/resource") == "projects/web/flags/f/environments/staging");
    CHECK(entries.at("/items/1/entry/action") == "rollout.stepped");
    CHECK(entries.at("/items/1/entry/resource") == "projects/web/environments/staging/rollouts/" + id);
    for (const auto* entry : {"/items/0/entry", "/items/1/entry"}) {
        CHECK(entries.at(std::string(entry) + "/actor_kind") == "system");
        CHECK(entries.at(std::string(entry) + "/actor_id") == "rollout/" + id);
        CHECK(entries.at(std::string(entry) + "/published/staging") == version.at("/items/0/version"));
    }
    CHECK(entries.at("/items/0/entry/group") == entries.at("/items/1/entry/id"));
    CHECK(entries.at("/items/1/entry/after/on_behalf_of") == get("/api/v1/auth/me", owner).at("/user/id"));
    CHECK(entries.at("/items/1/entry/after/decision/action") == "advance");
    CHECK(replica.metrics.decisions.at({cp::rollouts::Action::advance, cp::rollouts::Reason::step}).value() == 1);
}
