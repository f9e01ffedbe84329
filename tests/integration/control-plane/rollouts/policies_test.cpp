// Policies of a project: the resource, and the rollouts that are held to it.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;
using Texts = std::vector<std::string>;

namespace {

class Policies : public Rollouts {
public:
    test::Reply set(const std::string& key, const std::string& require, const std::string& match = "{}") {
        return put(policies + "/" + key, owner, R"({"match":)" + match + R"(,"require":)" + require + "}");
    }
    // The first finding's sentence.
    static std::string why(const test::Reply& reply) { return reply.at("/errors/0/detail"); }

    const std::string policies = web + "/rollout-policies";
};

}  // namespace

TEST_CASE_METHOD(Policies, "a policy is made, replaced and deleted, and each change is audited") {
    const auto made = set("tier-1", R"({"min_steps":3})");
    REQUIRE(made.status == 201);
    CHECK(made.at("/key") == "tier-1");
    CHECK(set("tier-1", R"({"min_steps":3})").at("/version") == "1");
    CHECK(set("tier-1", R"({"min_steps":4})").at("/version") == "2");
    CHECK(get(policies + "/tier-1", owner).at("/require/min_steps") == "4");
    CHECK(put(policies + "/tier-1", owner, R"({"require":{}})", "\"1\"").status == 412);
    CHECK(set("a", "{}").status == 201);
    const auto page = get(policies + "?limit=1", owner);
    CHECK(page.at("/items/0/key") == "a");
    CHECK(get(policies + "?cursor=" + page.at("/next"), owner).at("/items/0/key") == "tier-1");
    CHECK(del(policies + "/tier-1", owner).status == 204);
    CHECK(get(policies + "/tier-1", owner).errors() == Texts{"{policy} not_found"});
    const auto entry = get(home + "/audit?resource=projects/web/rollout-policies/tier-1", owner);
    CHECK(entry.at("/items/0/entry/action") == "project.updated");
    CHECK(entry.at("/items/0/entry/before/require/min_steps") == "4");
}

TEST_CASE_METHOD(Policies, "bad policies are refused with the place, and their number is bounded") {
    CHECK(set("no%20good", "{}").errors() == Texts{"{policy} bad_key"});
    CHECK(set("p", R"({"min_steps":99})").errors() == Texts{"/require/min_steps out_of_range"});
    CHECK(set("p", "{}", R"({"environments":["staging","none"]})").errors() ==
          Texts{"/match/environments/1 unknown_reference"});
    for (int i = 0; i < 50; ++i) REQUIRE(set("p" + std::to_string(i), "{}").status == 201);
    CHECK(set("one-more", "{}").errors() == Texts{" limit"});
    CHECK(set("p7", R"({"min_steps":1})").status == 200);
}

TEST_CASE_METHOD(Policies, "who may manage environments makes policies; who may read the project sees them") {
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    REQUIRE(set("p", "{}").status == 201);
    CHECK(get(policies + "/p", developer).status == 200);
    CHECK(put(policies + "/p", developer, R"({"require":{"min_steps":1}})").status == 403);
    CHECK(del(policies + "/p", developer).status == 403);
    REQUIRE(set("q", "{}", R"({"environments":["production"]})").status == 201);
    CHECK(get(policies + "/q", developer).status == 200);
    REQUIRE(post(home + "/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
    const auto place = web + "/environments/production/assignments/" + get("/api/v1/auth/me", developer).at("/user/id");
    REQUIRE(put(place, owner, R"({"role":"none"})").status < 300);
    CHECK(get(policies + "/q", developer).status == 404);
    CHECK(get(policies, developer).body.find("production") == std::string::npos);
    CHECK(get(policies + "?limit=1", developer).at("/next") == "null");  // nothing of q, which is next
    CHECK(get(policies + "/p", developer).status == 200);
}

TEST_CASE_METHOD(Policies, "a policy that matches holds plans that do not name it") {
    REQUIRE(set("tier-1", R"({"max_first_share":1000})", R"({"environments":["staging"],"tags":["t1"]})").status ==
            201);
    CHECK(start(plan(two_steps)).status == 201);  // the flag has not the tag
    REQUIRE(patch(web + "/flags/f", owner, R"({"tags":["t1"]})", "*").status == 200);
    const auto other = R"({"flag":"f","rule":"r2","from":"off","to":"on","steps":[)" + two_steps + "]}";
    const auto refused = start(other);
    CHECK(refused.status == 422);
    CHECK(refused.errors() == Texts{"/steps/0/share policy"});
    CHECK(why(refused) == "policy `tier-1`: the first step has at most 1 %");
    CHECK(post(staging + "/rollouts?dry_run=true", owner, other).status == 422);
    REQUIRE(set("tier-1", R"({"max_first_share":10000})", R"({"tags":["t1"]})").status == 200);
    CHECK(start(other).status == 201);
}

TEST_CASE_METHOD(Policies, "a plan is held to the policy that it names, which must be there") {
    REQUIRE(set("tier-1", R"({"min_steps":3})", R"({"environments":["production"]})").status == 201);
    CHECK(start(plan(two_steps, R"(,"policy":"none")")).errors() == Texts{"/policy unknown_reference"});
    CHECK(start(plan(two_steps, R"(,"policy":"tier-1")")).errors() == Texts{"/steps policy"});
    const auto made = start(plan(R"({"share":1000},{"share":2000},{"share":100000})", R"(,"policy":"tier-1")"));
    REQUIRE(made.status == 201);
    CHECK(made.at("/policy") == "tier-1");
}

TEST_CASE_METHOD(Policies, "another plan is held to the policies of the moment, as far as it can be different") {
    const auto place = started(two_steps, "");
    look();
    REQUIRE(set("tier-1", R"({"max_first_share":1000,"approval_above":50000})").status == 201);
    const auto refused = patch(place, owner, R"({"max_wait":"1d"})");
    CHECK(refused.status == 422);
    CHECK(refused.errors() == Texts{"/steps/1/approval policy"});  // the first step was taken
    CHECK(state(place) == "running");
    const auto changed =
        patch(place, owner, R"({"steps":[{"share":10000,"hold":"10m"},{"share":100000,"approval":true}]})");
    INFO(changed.body);
    CHECK(changed.status == 200);
}

TEST_CASE_METHOD(Policies, "a change request for a rollout that fails a policy is refused") {
    REQUIRE(set("tier-1", R"({"min_steps":3})").status == 201);
    const auto request = [&](const std::string& steps) {
        return post(staging + "/requests", owner,
                    R"({"title":"t","changes":[{"method":"POST","path":"projects/web/environments/staging/rollouts",)"
                    R"("body":)" +
                        plan(steps) + "}]}");
    };
    const auto refused = request(two_steps);
    INFO(refused.body);
    CHECK(refused.status == 422);
    CHECK(request(R"({"share":1000},{"share":2000},{"share":100000})").status == 201);
}

TEST_CASE_METHOD(Policies, "an offset begins with others, and the audit log says so") {
    const auto first = started(two_steps, "");
    look();
    CHECK(served().find("[[0,10000,\"on\"]]") != std::string::npos);
    CHECK(start(R"({"flag":"f","rule":"r1","from":"off","to":"on","offset":5,"steps":[{"share":100000}]})").errors() ==
          Texts{"/offset has_share"});
    REQUIRE(post(first + "/cancel", owner, "{}").status == 200);
    REQUIRE(patch_flag(R"({"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of","values":["DE"]},)"
                       R"("serve":{"variation":"off"}}]})")
                .status == 200);
    const auto place = started(two_steps, R"(,"offset":95000)");
    look();
    CHECK(shown(place).at("/offset") == "95000");
    CHECK(served().find("[[0,5000,\"on\"],[95000,100000,\"on\"]]") != std::string::npos);
    const auto entry = get(home + "/audit?action=rollout.stepped", owner);
    CHECK(entry.at("/items/0/entry/comment") ==
          "the line begins at slot 95000: others are first than without an offset");
    CHECK(patch(place, owner, R"({"offset":0})").errors() == Texts{"/offset fixed"});
    pass(11 * minutes);
    CHECK(state(place) == "completed");
    CHECK(served() == R"({"variation":"on"})");
}
