// The API of rollouts: bad plans with their pointers, conflicts, lists, permissions.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::Rollouts;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Rollouts, "a plan that does not fit what is there is refused with the places") {
    CHECK(start(R"({"flag":"none","from":"off","to":"on","steps":[{"share":100000}]})").errors() ==
          Texts{"/flag unknown_reference"});
    CHECK(start(R"({"flag":"f","rule":"r9","from":"a","to":"b","steps":[{"share":100000}]})").errors() ==
          Texts{"/from unknown_reference", "/to unknown_reference", "/rule unknown_reference"});
    CHECK(start(R"({"flag":"f","rule":"r1","from":"on","to":"off","steps":[{"share":1000},{"share":100000}]})")
              .errors() == Texts{"/steps/0/share not_growing"});
    CHECK(start(plan(two_steps,
                     R"(,"guards":[{"prometheus":"main","query":"q","above":1,"on_breach":"hold"},)"
                     R"({"evaluations":"share","variation":"x","above":0.5,"window":"1m","on_breach":"hold"}])"))
              .errors() == Texts{"/guards/1/variation unknown_reference", "/guards/0/prometheus unknown_reference"});
    const auto counts = [&](const std::string& members) {
        return start(plan(two_steps,
                          R"(,"guards":[{"evaluations":"share","window":"1m","on_breach":"hold",)" + members + "}]"))
            .errors();
    };
    CHECK(counts(R"("reason":"ERROR","above":5)") == Texts{"/guards/0/above out_of_range"});
    CHECK(counts(R"("reason":"ERROR","above":1)") == Texts{"/guards/0/above out_of_range"});
    CHECK(counts(R"("reason":"SPLIT","below":0)") == Texts{"/guards/0/below out_of_range"});
    CHECK(counts(R"("reason":"error","above":0.05)") == Texts{"/guards/0/reason unknown_value"});
    const auto refused = start(plan(two_steps, R"(,"guards":[{"metric":"m","on_regression":"hold"}])"));
    CHECK(refused.status == 400);
    CHECK(refused.errors().front() == "/guards/0/metric unsupported");
    CHECK(start("[]").status == 400);
}

TEST_CASE_METHOD(Rollouts, "a rule has one rollout at a time, and a flag that is off has none") {
    const auto place = started(two_steps, "");
    CHECK(start(plan(two_steps)).errors() == Texts{"/rule in_progress"});
    const auto other = start(R"({"flag":"f","rule":"r2","from":"off","to":"on","steps":[)" + two_steps + "]}");
    CHECK(other.status == 201);
    REQUIRE(post(place + "/cancel", owner, "{}").status == 200);
    CHECK(start(plan(two_steps)).status == 201);
    REQUIRE(patch_flag(R"({"enabled":false})").status == 200);
    CHECK(start(R"({"flag":"f","from":"off","to":"on","steps":[{"share":100000}]})").errors() == Texts{" flag_off"});
}

TEST_CASE_METHOD(Rollouts, "two requests for the same rule at once: one starts") {
    std::vector<test::ApiRequest> requests(4, {net::Method::post, staging + "/rollouts", owner, plan(two_steps)});
    std::size_t created = 0;
    for (const auto& reply : send_at_once(std::move(requests))) {
        CHECK((reply.status == 201 || reply.status == 409));
        created += reply.status == 201 ? 1 : 0;
    }
    CHECK(created == 1);
}

TEST_CASE_METHOD(Rollouts, "a dry run says what would happen and starts nothing") {
    const auto reply = post(staging + "/rollouts?dry_run=true", owner, plan(two_steps));
    INFO(reply.body);
    CHECK(reply.status == 200);
    CHECK(reply.at("/changes/0") == "serves `on` to 10 %, for at least 10m");
    CHECK(reply.at("/result/state") == "running");
    CHECK(get(staging + "/rollouts", owner).at("/items") == "[]");
}

TEST_CASE_METHOD(Rollouts, "lists come in pages, newest first, by flag and state") {
    const auto first = started(two_steps, "");
    REQUIRE(post(first + "/cancel", owner, "{}").status == 200);
    const auto second = started(two_steps, "");
    const auto page = get(staging + "/rollouts?limit=1", owner);
    CHECK(page.at("/items/0/state") == "running");
    const auto rest = get(staging + "/rollouts?limit=1&cursor=" + page.at("/next"), owner);
    CHECK(rest.at("/items/0/state") == "cancelled");
    CHECK(rest.at("/next") == "null");
    CHECK(get(staging + "/rollouts?state=cancelled&flag=f", owner).at("/items/0/id") == rest.at("/items/0/id"));
    CHECK(get(staging + "/rollouts?flag=other", owner).at("/items") == "[]");
    CHECK(get(staging + "/rollouts?state=odd", owner).errors() == Texts{"?state unknown_state"});
    CHECK(get(staging + "/rollouts?cursor=eA", owner).errors() == Texts{"?cursor bad_cursor"});
    CHECK(get(web + "/environments/production/rollouts", owner).at("/items") == "[]");
    CHECK(get(web + "/environments/production/rollouts/" + rest.at("/items/0/id"), owner).status == 404);
}

TEST_CASE_METHOD(Rollouts, "what people do is refused under an old tag") {
    const auto place = started(two_steps, "");
    const auto stale = send({net::Method::post, place + "/pause", owner, "{}", {{"If-Match", "\"7\""}}});
    CHECK(stale.status == 412);
    CHECK(stale.at("/state") == "running");
    CHECK(send({net::Method::post, place + "/pause", owner, "{}", {{"If-Match", "\"1\""}}}).status == 200);
    CHECK(post(place + "/resume", owner, R"({"force":true})").errors() == Texts{"/force unknown_field"});
}

TEST_CASE_METHOD(Rollouts, "who may change the environment may start and stop; who may read sees") {
    const auto place = started(two_steps, "");
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    CHECK(get(place, viewer).status == 200);
    CHECK(post(place + "/cancel", viewer, "{}").status == 403);
    CHECK(post(staging + "/rollouts", viewer, plan(two_steps)).status == 403);
    CHECK(post(place + "/cancel", developer, "{}").status == 200);
    const auto production = web + "/environments/production";
    REQUIRE(get(production, owner).at("/protected") == "true");
    REQUIRE(patch(web + "/flags/f/environments/production", owner,
                  R"({"enabled":true,"fallthrough":{"variation":"off"}})", "*")
                .status == 200);
    const auto body = R"({"flag":"f","from":"off","to":"on","steps":[)" + two_steps + "]}";
    CHECK(post(production + "/rollouts", developer, body).status == 403);
    const auto made = post(production + "/rollouts", owner, body);
    CHECK(made.status == 201);
    for (const auto* action : {"/pause", "/resume", "/cancel", "/approve"}) {
        CHECK(post(production + "/rollouts/" + made.at("/id") + action, developer, "{}").status == 403);
    }
    CHECK(get(home + "/prometheus", developer).status == 403);
}
