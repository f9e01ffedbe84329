// What becomes of approvals when the environment changes under a request.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

namespace {

class Rebased : public Reviewed {
public:
    std::size_t rebase() { return run(one.rebaser.rebase_stale()); }

    test::RunningReplica one{*this};
};

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

TEST_CASE_METHOD(Rebased, "a request is rebased by itself, and its approvals stand if it comes to the same") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto before = get(request, reviewer);
    CHECK(rebase() == 0);
    force(set_enabled("g", true));
    CHECK(rebase() == 1);
    const auto after = get(request, reviewer);
    CHECK(after.at("/state") == "approved");
    CHECK(after.at("/result/digest") == before.at("/result/digest"));
    CHECK(after.at("/result/base") == get(request + "/preview", reviewer).at("/result/base"));
    CHECK(after.header("ETag") != before.header("ETag"));
    CHECK(count("change_request.updated") == "0");
    CHECK(rebase() == 0);
}

TEST_CASE_METHOD(Rebased, "a request that comes to something else asks again by itself, and the log says so") {
    const auto request = asked(instructions("f", turn_on));
    const auto other = asked(set_enabled("g", true));
    REQUIRE(approve(request, reviewer).status == 200);
    REQUIRE(approve(other, reviewer).status == 200);
    force(change("PATCH", "flags/f/environments/production", another_target));
    CHECK(rebase() == 2);
    CHECK(state(request) == "open");
    CHECK(get(request, reviewer).at("/approvals/0/stands") == "false");
    CHECK(state(other) == "approved");
    CHECK(get(requests + "?state=open", reviewer).at("/items/1/state") == "open");
    CHECK(count("change_request.updated") == "1");
    CHECK(sql("SELECT actor_kind FROM fanion.audit WHERE action = 'change_request.updated'") == "system");
    CHECK(one.rebases.asks_again.value() == 1);
    CHECK(one.rebases.same.value() == 1);
    CHECK(rebase() == 0);
}

TEST_CASE_METHOD(Rebased, "a flag's definition and the number of approvals are part of the base") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    want_approvals(2);
    CHECK(rebase() == 1);
    CHECK(state(request) == "open");
    CHECK(get(request, reviewer).at("/result/approvals_required") == "2");
    CHECK(get(request, reviewer).at("/approvals/0/stands") == "true");
    REQUIRE(approve(request, second).status == 200);
    CHECK(state(request) == "approved");
}

TEST_CASE_METHOD(Rebased, "a request that no longer fits says so and is not approved, until it fits again") {
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    force(change("DELETE", "flags/f", "null"));
    CHECK(rebase() == 1);
    const auto refused = get(request, reviewer);
    CHECK(refused.at("/state") == "open");
    CHECK(refused.at("/result/digest").empty());
    CHECK(refused.at("/result/changes/0").starts_with("Cannot be made now: "));
    CHECK(refused.at("/approvals/0/stands") == "false");
    CHECK(rebase() == 0);
    CHECK(post(request + "/withdraw", author, "{}").status == 200);
}

TEST_CASE_METHOD(Rebased, "replicas rebase a request once") {
    test::RunningReplica two{*this};
    const auto request = asked(instructions("f", turn_on));
    REQUIRE(approve(request, reviewer).status == 200);
    force(change("PATCH", "flags/f/environments/production", another_target));
    CHECK(rebase() + run(two.rebaser.rebase_stale()) == 1);
    CHECK(count("change_request.updated") == "1");
}

TEST_CASE_METHOD(Rebased, "a request that cannot be rebased is left alone for a while, and holds up no other") {
    const auto request = asked(instructions("f", turn_on));
    asked(instructions("g", turn_on));
    rebase();
    sql("CREATE FUNCTION fanion.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; "
        "CREATE TRIGGER refuse BEFORE UPDATE ON fanion.change_requests FOR EACH ROW WHEN (NEW.request_id = '" +
        request.substr(request.rfind('/') + 1) + "') EXECUTE FUNCTION fanion.refuse()");
    force(set_enabled("g", true));
    CHECK(rebase() == 1);
    CHECK(one.rebases.errors.value() == 1);
    CHECK(rebase() == 0);
    CHECK(one.rebases.errors.value() == 1);  // not tried again
    clock.advance(60'000);
    CHECK(rebase() == 0);
    CHECK(one.rebases.errors.value() == 2);
    sql("DROP TRIGGER refuse ON fanion.change_requests");
    clock.advance(60'000);
    CHECK(rebase() == 1);
    CHECK(rebase() == 0);
}
