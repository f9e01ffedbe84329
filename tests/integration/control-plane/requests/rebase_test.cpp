// What becomes of approvals when the environment changes under a request.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

namespace {

const std::string turn_on = R"({"kind":"turn_on"})";
const std::string another_target = R"({"targets":[{"attribute":"targetingKey","values":["a"],"variation":"off"}]})";
const std::string add_rule = R"({"kind":"add_rule","when":"plan is 'pro'","serve":{"variation":"on"}})";

}  // namespace

TEST_CASE_METHOD(Reviewed, "approvals stand when the request comes to the same on another base") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    force(set_enabled("g", true));
    const auto preview = get(request + "/preview", reviewer);
    CHECK(preview.at("/state") == "approved");
    CHECK(preview.at("/result/base") != get(request, reviewer).at("/result/base"));
    CHECK(apply(request).status == 200);
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "approvals are asked for again when the request comes to something else") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto digest = get(request, reviewer).at("/result/digest");
    force(change("PATCH", "flags/f/environments/production", another_target));
    CHECK(get(request + "/preview", reviewer).at("/state") == "open");
    const auto refused = apply(request);
    INFO(refused.body);
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Errors{" approvals_missing"});
    CHECK(enabled("f") == "false");
    // The request says so from now on, and the log when it was found.
    CHECK(state(request) == "open");
    CHECK(get(request, reviewer).at("/approvals/0/stands") == "false");
    CHECK(count("change_request.updated") == "1");
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
    CHECK(count("change_request.updated") == "1");
    // What was seen before cannot be approved any more.
    CHECK(approve(request, reviewer, digest).errors() == Errors{"/digest result_changed"});
    REQUIRE(approve(request, reviewer).status == 200);
    CHECK(apply(request).status == 200);
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "an approval of what was seen before is refused, and the request rebased") {
    const auto request = asked(instructions("f", turn_on));
    const auto seen = get(request, reviewer).at("/result/digest");
    force(change("PATCH", "flags/f/environments/production", another_target));
    const auto refused = approve(request, reviewer, seen);
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Errors{"/digest result_changed"});
    CHECK(count("change_request.updated") == "1");
    CHECK(count("change_request.approved") == "0");
    CHECK(approve(request, reviewer, get(request, reviewer).at("/result/digest")).status == 200);
}

TEST_CASE_METHOD(Reviewed, "ids that are made anew are no other result") {
    const auto request = asked(instructions("f", turn_on + "," + add_rule));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto applied = apply(request);
    INFO(applied.body);
    CHECK(applied.status == 200);
}

TEST_CASE_METHOD(Reviewed, "a request that no longer fits is refused and stays") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    force(change("DELETE", "flags/f", "null"));
    CHECK(apply(request).status == 404);
    const auto preview = get(request + "/preview", reviewer);
    CHECK(preview.status == 404);
    CHECK(preview.errors() == Errors{"/changes/0/path not_found"});
    CHECK(state(request) == "approved");
    CHECK(post(request + "/withdraw", author, R"({"reason":"the flag is gone"})").status == 200);
}

TEST_CASE_METHOD(Reviewed, "a request that others have made meanwhile takes no approval") {
    const auto request = asked(instructions("f", turn_on));
    force(set_enabled("f", true));
    const auto applied = apply(request);
    INFO(applied.body);
    CHECK(applied.status == 200);
    CHECK(applied.at("/state") == "applied");
}

TEST_CASE_METHOD(Reviewed, "an author who has lost the permission cannot be approved") {
    const auto request = asked(set_enabled("f", true));
    const auto digest = get(request, reviewer).at("/result/digest");
    sql("DELETE FROM fanion.memberships WHERE user_id = (SELECT user_id FROM fanion.users WHERE email = "
        "'author@example.com')");
    CHECK(approve(request, reviewer, digest).errors() == Errors{" creator_gone"});
}
