// Changes at a time, and repeating.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

namespace {

constexpr UnixMillis minute = 60'000;

class Scheduled : public Reviewed {
public:
    test::Reply schedule(const std::string& change, const std::string& when, const std::string& who = "") {
        return post(development + "/schedules", who.empty() ? author : who,
                    R"({"change":)" + change + "," + when + "}");
    }
    std::string in(UnixMillis time) { return R"("at":")" + format_rfc3339(clock.now() + time) + "\""; }
    std::string scheduled(const std::string& change, const std::string& when, const std::string& who = "") {
        const auto reply = schedule(change, when, who);
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.header("Location");
    }
    std::size_t run_due() { return run(replica.runner.run_due()); }

    const std::string development = web + "/environments/development";
    test::RunningReplica replica{*this};
};

}  // namespace

TEST_CASE_METHOD(Scheduled, "a change is made at its time, by the one who asked for it") {
    const auto made = schedule(set_enabled("f", true, "development"), in(minute), developer);
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.at("/state") == "active");
    CHECK(run_due() == 0);
    CHECK(enabled("f", "development") == "false");
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(enabled("f", "development") == "true");
    CHECK(run_due() == 0);
    const auto path = made.header("Location");
    CHECK(get(path, owner).at("/state") == "done");
    CHECK(count("schedule.run") == "1");
    CHECK(sql("SELECT count(*) FROM fanion.audit a JOIN fanion.users u ON u.user_id = a.actor_id "
              "WHERE a.action = 'flag.configured' AND u.email = 'developer@example.com'") == "1");
    CHECK(sql("SELECT actor_kind FROM fanion.audit WHERE action = 'schedule.run'") == "system");
    CHECK(del(path, owner).errors() == Errors{" ended"});
    CHECK(replica.metrics.done.value() == 1);
    CHECK(replica.metrics.late.value() == 0);
}

TEST_CASE_METHOD(Scheduled, "a schedule repeats, and what it missed is one late run") {
    const auto path = scheduled(set_enabled("f", true, "development"), R"("repeat":{"every":"day","time":"09:00"})");
    const auto due = *parse_rfc3339(get(path, owner).at("/due_at"));
    clock.set(due);
    CHECK(run_due() == 1);
    clock.set(due + 72 * 60 * minute);  // the third time after that
    owner = sign_in("owner@example.com");
    CHECK(run_due() == 1);
    CHECK(replica.metrics.late.value() == 1);
    CHECK(run_due() == 0);
    CHECK(get(path, owner).at("/due_at") == format_rfc3339(due + 96 * 60 * minute));
    CHECK(get(path, owner).at("/state") == "active");
    CHECK(count("schedule.run") == "2");
    CHECK(count("flag.configured") == "1");  // the later runs changed nothing
}

TEST_CASE_METHOD(Scheduled, "who has lost the permission changes nothing, and it is seen") {
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute), developer);
    sql("UPDATE fanion.memberships SET role = 'viewer' WHERE user_id = (SELECT user_id FROM fanion.users WHERE "
        "email = 'developer@example.com')");
    clock.advance(minute);
    CHECK(run_due() == 1);
    const auto failed = get(path, owner);
    CHECK(failed.at("/state") == "failed");
    CHECK(failed.at("/last_error").find("permission edit") != std::string::npos);
    CHECK(enabled("f", "development") == "false");
    CHECK(count("schedule.run") == "1");
    CHECK(replica.metrics.refused.value() == 1);
    CHECK(replica.metrics.failed.value() == 1);
    CHECK(run_due() == 0);
}

TEST_CASE_METHOD(Scheduled, "who is no member any more changes nothing") {
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute), developer);
    sql("DELETE FROM fanion.memberships WHERE user_id = (SELECT user_id FROM fanion.users WHERE email = "
        "'developer@example.com')");
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(get(path, owner).at("/last_error") == "whoever asked for this is no member of the organisation any more");
}

TEST_CASE_METHOD(Scheduled, "a token's scopes bound its schedules, and a revoked one has none") {
    const auto made = post("/api/v1/auth/me/tokens", developer, R"({"name":"t","scopes":["read","edit"]})");
    const auto token =
        made.status == 201 ? made : post("/api/v1/auth/tokens", developer, R"({"name":"t","scopes":["read","edit"]})");
    INFO(token.body);
    REQUIRE(token.status == 201);
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute), token.at("/token"));
    sql("UPDATE fanion.personal_tokens SET revoked_at = now()");
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(get(path, owner).at("/last_error") == "the token with which this was asked for is revoked");
}

TEST_CASE_METHOD(Scheduled, "a cancelled schedule stays and does not run") {
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute));
    CHECK(del(path, author, "\"9\"").status == 412);
    CHECK(del(path, author).status == 204);
    CHECK(del(path, author).status == 204);
    clock.advance(minute);
    CHECK(run_due() == 0);
    CHECK(get(path, owner).at("/state") == "cancelled");
    CHECK(count("schedule.cancelled") == "1");
    CHECK(get(development + "/schedules?state=cancelled", owner).at("/items/0/state") == "cancelled");
    CHECK(get(development + "/schedules?state=active", owner).at("/items") == "[]");
    CHECK(get(development + "/schedules?cursor=eA", owner).errors() == Errors{"?cursor bad_cursor"});
}

TEST_CASE_METHOD(Scheduled, "a schedule gets another time, is paused, and goes on") {
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute), developer);
    CHECK(patch(path, author, "{" + in(5 * minute) + "}", "\"9\"").status == 412);
    const auto moved = patch(path, author, R"({"name":"later",)" + in(5 * minute) + "}");
    INFO(moved.body);
    REQUIRE(moved.status == 200);
    CHECK(moved.at("/name") == "later");
    CHECK(moved.header("ETag") == "\"2\"");
    CHECK(get(path, owner).at("/due_at") == format_rfc3339(clock.now() + 5 * minute));
    clock.advance(minute);
    CHECK(run_due() == 0);
    CHECK(patch(path, author, R"({"state":"paused"})").at("/next_at") == "null");
    CHECK(patch(path, author, R"({"state":"paused"})").header("ETag") == "\"3\"");
    CHECK(count("schedule.updated") == "2");
    clock.advance(10 * minute);
    owner = sign_in("owner@example.com");
    author = sign_in("author@example.com");
    CHECK(run_due() == 0);
    CHECK(get(development + "/schedules?state=paused", owner).at("/items/0/state") == "paused");
    CHECK(patch(path, author, R"({"state":"active"})").errors() == Errors{"/at in_the_past"});
    REQUIRE(patch(path, author, R"({"state":"active",)" + in(minute) + "}").status == 200);
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(enabled("f", "development") == "true");
    CHECK(sql("SELECT count(*) FROM fanion.audit a JOIN fanion.users u ON u.user_id = a.actor_id "
              "WHERE a.action = 'flag.configured' AND u.email = 'developer@example.com'") == "1");
    CHECK(patch(path, author, "{" + in(minute) + "}").errors() == Errors{" ended"});
}

TEST_CASE_METHOD(Scheduled, "who may not make a change does not say when it is made") {
    want_approvals(0);  // in production, where the flag goes too
    const auto deletion = change("DELETE", "flags/g", "null");
    const auto path = scheduled(deletion, in(minute), owner);
    const auto refused = patch(path, developer, "{" + in(2 * minute) + "}");
    INFO(refused.body);
    CHECK(refused.status == 403);
    CHECK(patch(path, developer, R"({"state":"paused"})").status == 200);
    CHECK(patch(path, developer, R"({"state":"active"})").status == 403);
    CHECK(patch(path, owner, R"({"state":"active"})").status == 200);
}

TEST_CASE_METHOD(Scheduled, "a failed schedule is tried again") {
    const auto path = scheduled(set_enabled("f", true, "development"), in(minute), developer);
    const auto set_role = [&](const std::string& role) {
        sql("UPDATE fanion.memberships SET role = '" + role +
            "' WHERE user_id = (SELECT user_id FROM fanion.users WHERE email = 'developer@example.com')");
    };
    set_role("viewer");
    clock.advance(minute);
    REQUIRE(run_due() == 1);
    REQUIRE(get(path, owner).at("/state") == "failed");
    set_role("developer");
    CHECK(patch(path, author, R"({"name":"n"})").errors() == Errors{" ended"});
    REQUIRE(patch(path, author, R"({"state":"active",)" + in(minute) + "}").status == 200);
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(get(path, owner).at("/state") == "done");
    CHECK(get(path, owner).at("/last_error").empty());
}

TEST_CASE_METHOD(Scheduled, "what is wrong with a change is said when it is scheduled") {
    CHECK(schedule(set_enabled("f", true, "development"), R"("at":"2001-01-01T00:00:00Z")").errors() ==
          Errors{"/at in_the_past"});
    CHECK(schedule(set_enabled("f", true), in(minute)).errors() == Errors{"/change/path elsewhere"});
    CHECK(schedule(change("PATCH", "flags/f/environments/development", R"({"x":1})"), in(minute)).errors() ==
          Errors{"/change/body/x unknown_field"});
    // What the present state refuses may be right by then.
    const auto early = schedule(change("PATCH", "flags/f/environments/development",
                                       R"({"instructions":[{"kind":"remove_rule","rule":"r-none"}]})",
                                       "application/vnd.fanion.instructions+json"),
                                in(minute));
    INFO(early.body);
    CHECK(early.status == 201);
    CHECK(early.at("/warnings/0/code") != "");
    CHECK(enabled("f", "development") == "false");
}

TEST_CASE_METHOD(Scheduled, "an environment that wants approvals has no schedule but of requests") {
    const auto direct =
        post(production + "/schedules", author, R"({"change":)" + set_enabled("f", true) + "," + in(minute) + "}");
    CHECK(direct.errors() == Errors{"/change/body approval_required"});
    // One that was there before is refused when its time comes.
    want_approvals(0);
    const auto before =
        post(production + "/schedules", author, R"({"change":)" + set_enabled("g", true) + "," + in(minute) + "}");
    REQUIRE(before.status == 201);
    want_approvals(1);
    const auto request = asked(set_enabled("f", true));
    const auto later = apply(request, "", "{" + in(minute) + "}");
    INFO(later.body);
    CHECK(later.status == 201);
    CHECK(later.header("Location").starts_with(production + "/schedules/sc_"));
    REQUIRE(approve(request, reviewer).status == 200);
    CHECK(enabled("f") == "false");
    clock.advance(minute);
    CHECK(run_due() == 2);
    CHECK(enabled("f") == "true");
    CHECK(enabled("g") == "false");
    CHECK(state(request) == "applied");
    CHECK(get(before.header("Location"), owner).at("/state") == "failed");
    CHECK(get(later.header("Location"), owner).at("/state") == "done");
    CHECK(count("change_request.applied") == "1");
}

TEST_CASE_METHOD(Scheduled, "a request that is not approved by then is not applied") {
    const auto request = asked(instructions("f", R"({"kind":"turn_on"})"));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto later = apply(request, "", "{" + in(minute) + "}");
    REQUIRE(later.status == 201);
    force(change("PATCH", "flags/f/environments/production",
                 R"({"targets":[{"attribute":"targetingKey","values":["a"],"variation":"off"}]})"));
    clock.advance(minute);
    CHECK(run_due() == 1);
    const auto failed = get(later.header("Location"), owner);
    CHECK(failed.at("/state") == "failed");
    CHECK(failed.at("/last_error").find("takes 1 approval") != std::string::npos);
    CHECK(state(request) == "open");  // it says that it asks again
    CHECK(count("change_request.updated") == "1");
    CHECK(enabled("f") == "false");
}

TEST_CASE_METHOD(Scheduled, "a request that ends takes along the schedules that would apply it") {
    // JSON that PostgreSQL cannot read.
    scheduled(set_enabled("f", true, "development"), in(minute), developer);
    sql("UPDATE fanion.schedules SET change = replace(change, '\"comment\":\"\"', '\"comment\":\"\\u0000\"'), "
        "env_id = (SELECT env_id FROM fanion.environments WHERE key = 'production')");
    const auto ended = [&](const std::string& step, const std::string& who, const std::string& body) {
        const auto request = asked(set_enabled("f", true));
        const auto other = asked(set_enabled("g", true));
        REQUIRE(approve(request, reviewer).status == 200);
        const auto later = apply(request, author, "{" + in(minute) + "}");
        INFO(later.body);
        REQUIRE(later.status == 201);
        const auto kept = apply(other, author, "{" + in(minute) + "}");
        REQUIRE(kept.status == 201);
        const auto reply = post(request + step, who, body);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        CHECK(get(later.header("Location"), owner).at("/state") == "cancelled");
        CHECK(get(kept.header("Location"), owner).at("/state") == "active");
        return get(later.header("Location"), owner).at("/last_error");
    };
    CHECK(ended("/withdraw", author, R"({"reason":"no"})") == "the change request is withdrawn");
    CHECK(ended("/decline", reviewer, R"({"reason":"no"})") == "the change request is declined");
    CHECK(ended("/apply", author, "{}") == "the change request is applied");
    CHECK(count("schedule.cancelled") == "3");
    CHECK(sql("SELECT count(*) FROM fanion.audit c JOIN fanion.audit r ON r.id = c.group_id WHERE c.action = "
              "'schedule.cancelled' AND r.action LIKE 'change_request.%'") == "3");
}

TEST_CASE_METHOD(Scheduled, "the schedule that applies a request is done, and another one of it is cancelled") {
    const auto request = asked(set_enabled("f", true));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto first = apply(request, author, "{" + in(minute) + "}");
    const auto second_one = apply(request, author, "{" + in(2 * minute) + "}");
    REQUIRE(second_one.status == 201);
    clock.advance(minute);
    CHECK(run_due() == 1);
    CHECK(state(request) == "applied");
    CHECK(get(first.header("Location"), owner).at("/state") == "done");
    CHECK(get(second_one.header("Location"), owner).at("/state") == "cancelled");
}
