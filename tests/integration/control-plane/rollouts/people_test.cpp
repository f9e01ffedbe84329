// A person always wins: pausing, resuming, cancelling, and edits of what a rollout is about.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;
using test::seconds;
using Texts = std::vector<std::string>;

namespace {

const std::string steps = R"({"share":10000,"hold":"10m"},{"share":50000,"hold":"10m"},{"share":100000})";

}  // namespace

TEST_CASE_METHOD(Rollouts, "a paused rollout takes no step, and the time of the pause is not its own") {
    const auto place = started(steps, "");
    look();
    pass(8 * minutes);
    sign_in_again();
    const auto paused = post(place + "/pause", owner, "{}");
    CHECK(paused.status == 200);
    CHECK(paused.at("/state") == "paused");
    CHECK(paused.etag() == "\"3\"");
    CHECK(post(place + "/pause", owner, "{}").errors() == Texts{" paused"});
    pass(20 * minutes);
    CHECK(shown(place).at("/share") == "10000");
    CHECK(post(place + "/resume", owner, "{}").at("/state") == "running");
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" running"});
    pass(1 * minutes);
    CHECK(shown(place).at("/share") == "10000");
    pass(90 * seconds);
    CHECK(shown(place).at("/share") == "50000");
}

TEST_CASE_METHOD(Rollouts, "a cancelled rollout leaves the share that it had reached") {
    const auto place = started(steps, "");
    look();
    const auto before = served();
    const auto reply = post(place + "/cancel", owner, "{}");
    CHECK(reply.at("/state") == "cancelled");
    pass(30 * minutes);
    CHECK(served() == before);
    for (const auto* action : {"/pause", "/resume", "/cancel", "/approve"}) {
        CHECK(post(place + action, owner, "{}").errors() == Texts{" ended"});
    }
}

TEST_CASE_METHOD(Rollouts, "a person's edit of the rule or of one before it holds the rollout") {
    const auto edits = GENERATE(
        std::string(R"({"kind":"shape","body":{"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of",)"
                    R"("values":["AT"]},"serve":{"split":{"ranges":[[0,10000,"on"]],"otherwise":"off"}}}]}})"),
        std::string(R"({"kind":"share","body":{"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of",)"
                    R"("values":["DE"]},"serve":{"split":{"ranges":[[0,30000,"on"]],"otherwise":"off"}}}]}})"),
        std::string(R"({"kind":"before","body":{"rules":[{"id":"r0","when":{"attribute":"beta","op":"one_of",)"
                    R"("values":["yes"]},"serve":{"variation":"on"}},{"id":"r1","when":{"attribute":"country",)"
                    R"("op":"one_of","values":["DE"]},"serve":{"split":{"ranges":[[0,10000,"on"]],)"
                    R"("otherwise":"off"}}}]}})"));
    CAPTURE(edits);
    json::Document edit;
    REQUIRE(edit.parse(edits));
    const auto place = started(steps, "");
    look();
    const auto reply = patch_flag(edit.root().find("body").to_text());
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    const auto edited = get(flag, owner).at("/rules");
    pass(30 * minutes);
    const auto held = shown(place);
    CHECK(held.at("/state") == "held");
    CHECK(held.at("/reason") == "conflict");
    CHECK(held.at("/decisions/0/evidence/conflict") == "changed");
    CHECK(get(flag, owner).at("/rules") == edited);
    CHECK(post(place + "/resume", owner, "{}").status == 200);  // on the person's basis
    pass(1 * seconds);
    CHECK(state(place) == "running");
    pass(11 * minutes);
    CHECK(shown(place).at("/share") == "50000");
}

TEST_CASE_METHOD(Rollouts, "edits of later rules and of other parts of the flag are no conflict") {
    const auto place = started(steps, "");
    look();
    REQUIRE(patch_flag(R"({"targets":[{"attribute":"targetingKey","values":["bob"],"variation":"on"}],)"
                       R"("fallthrough":{"variation":"on"}})")
                .status == 200);
    REQUIRE(patch(web + "/flags/f", owner, R"({"description":"other"})").status == 200);
    pass(25 * minutes);
    CHECK(state(place) == "completed");
    CHECK(get(flag, owner).at("/fallthrough/variation") == "on");
}

TEST_CASE_METHOD(Rollouts, "a flag that a person turned off holds the rollout until it is on again") {
    const auto place = started(steps, "");
    look();
    REQUIRE(patch_flag(R"({"enabled":false})").status == 200);
    pass(15 * seconds);
    CHECK(state(place) == "held");
    CHECK(shown(place).at("/detail") == "flag `f` was turned off");
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" flag_off"});
    REQUIRE(patch_flag(R"({"enabled":true})").status == 200);
    pass(5 * minutes);
    CHECK(state(place) == "held");  // only a person resumes
    CHECK(post(place + "/resume", owner, "{}").status == 200);
}

TEST_CASE_METHOD(Rollouts,
                 "a rule that is gone, and a flag that is deleted, hold the rollout, which can be cancelled") {
    const auto place = started(steps, "");
    look();
    REQUIRE(patch_flag(R"({"rules":[]})").status == 200);
    pass(15 * seconds);
    CHECK(shown(place).at("/decisions/0/evidence/conflict") == "rule_gone");
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" rule_gone"});
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" flag_gone"});
    CHECK(post(place + "/cancel", owner, "{}").status == 200);
}

TEST_CASE_METHOD(Rollouts, "guards protect while a person has paused") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place =
        started(steps, R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":"rollback"}])");
    look();
    REQUIRE(post(place + "/pause", owner, "{}").status == 200);
    prometheus.set("latency", "0.5");
    pass(15 * seconds);
    CHECK(state(place) == "rolled_back");
}
