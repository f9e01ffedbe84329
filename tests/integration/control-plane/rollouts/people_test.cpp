// A person always wins: pausing, resuming, cancelling, and edits of what a rollout is about.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;
using test::seconds;
using Texts = std::vector<std::string>;

namespace {

const std::string three_steps = R"({"share":10000,"hold":"10m"},{"share":50000,"hold":"10m"},{"share":100000})";

}  // namespace

TEST_CASE_METHOD(Rollouts, "a paused rollout takes no step, and the time of the pause is not its own") {
    const auto place = started(three_steps, "");
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
    const auto place = started(three_steps, "");
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
    const auto place = started(three_steps, "");
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
    const auto place = started(three_steps, "");
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
    const auto place = started(three_steps, "");
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

TEST_CASE_METHOD(Rollouts, "a rule that is gone holds the rollout, and a flag that is deleted ends it") {
    const auto place = started(three_steps, "");
    look();
    REQUIRE(patch_flag(R"({"rules":[]})").status == 200);
    pass(15 * seconds);
    CHECK(shown(place).at("/decisions/0/evidence/conflict") == "rule_gone");
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" rule_gone"});
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    CHECK(post(place + "/resume", owner, "{}").errors() == Texts{" flag_gone"});
    pass(15 * seconds);
    const auto after = shown(place);
    CHECK(after.at("/state") == "cancelled");
    CHECK(after.at("/detail") == "flag `f` was archived or deleted");
    CHECK(after.at("/decisions/0/action") == "cancel");
    CHECK(sql("SELECT actor_kind FROM fanion.audit WHERE action = 'rollout.cancelled'") == "system");
}

TEST_CASE_METHOD(Rollouts, "guards protect while a person has paused") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place = started(
        three_steps, R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":"rollback"}])");
    look();
    REQUIRE(post(place + "/pause", owner, "{}").status == 200);
    prometheus.set("latency", "0.5");
    pass(15 * seconds);
    CHECK(state(place) == "rolled_back");
}

TEST_CASE_METHOD(Rollouts, "a person changes the plan of a rollout that is under way") {
    const auto place = started(three_steps, "");
    look();
    REQUIRE(shown(place).at("/share") == "10000");
    const std::string smaller =
        R"({"steps":[{"share":10000,"hold":"5m"},{"share":20000,"hold":"10m"},{"share":100000}]})";
    const auto tried = patch(place + "?dry_run=true", owner, smaller);
    INFO(tried.body);
    CHECK(tried.at("/changes") == R"(["serves `on` to 20 %, for at least 10m","serves `on` to 100 %"])");
    CHECK(get(place, owner).at("/steps/1/share") == "50000");
    CHECK(patch(place, owner, smaller, "\"999\"").status == 412);
    const auto changed = patch(place, owner, smaller);
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(changed.at("/steps/1/share") == "20000");
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action = 'rollout.updated'") == "1");
    pass(6 * minutes);
    CHECK(shown(place).at("/share") == "20000");
    CHECK(patch(place, owner, R"({"steps":[{"share":5000},{"share":20000},{"share":100000}]})").errors() ==
          Texts{"/steps fixed"});
    CHECK(patch(place, owner, R"({"guards":[{"prometheus":"none","query":"up","below":1,"on_breach":"hold"}]})")
              .errors() == Texts{"/guards/0/prometheus unknown_reference"});
    CHECK(patch(place, owner, smaller).header("ETag") == get(place, owner).etag());
    REQUIRE(post(place + "/cancel", owner, "{}").status == 200);
    CHECK(patch(place, owner, smaller).errors() == Texts{" ended"});
}

TEST_CASE_METHOD(Rollouts, "where changes take approvals, the plan that was approved is carried out, and no other") {
    const auto place = started(three_steps, "");
    REQUIRE(put(staging + "/approvals", owner, R"({"required":1})").status == 200);
    look();
    CHECK(shown(place).at("/share") == "10000");
    const std::string other = R"({"steps":[{"share":10000},{"share":100000}]})";
    CHECK(patch(place, owner, other).errors() == Texts{" approval_required"});
    const auto path = "projects/web/environments/staging" + place.substr(staging.size());
    const auto asked =
        post(staging + "/requests", owner,
             R"({"title":"faster","changes":[{"method":"PATCH","path":")" + path + R"(","body":)" + other + "}]}");
    INFO(asked.body);
    REQUIRE(asked.status == 201);
    const auto request = asked.header("Location");
    const auto reviewer = add_member(owner, "acme", "reviewer@example.com", "maintainer");
    const auto digest = get(request + "/preview", reviewer).at("/result/digest");
    REQUIRE(post(request + "/approve", reviewer, R"({"digest":")" + digest + "\"}").status == 200);
    const auto applied = post(request + "/apply", owner, "{}");
    INFO(applied.body);
    CHECK(applied.status == 200);
    CHECK(shown(place).at("/steps/1/share") == "100000");
}

TEST_CASE_METHOD(Rollouts, "a rollout that is held for an hour tells once") {
    const auto place = started(three_steps, "");
    look();
    REQUIRE(patch_flag(R"({"enabled":false})").status == 200);
    pass(20 * seconds);
    REQUIRE(state(place) == "held");
    clock.advance(61 * minutes);
    look();
    const auto told = shown(place);
    CHECK(told.at("/decisions/0/action") == "alert");
    CHECK(told.at("/decisions/0/reason") == "long_hold");
    CHECK(told.at("/reason") == "conflict");
    clock.advance(61 * minutes);
    look();
    CHECK(shown(place).at("/decisions/0/seq") == told.at("/decisions/0/seq"));
}
