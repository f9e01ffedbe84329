// The life of a change request.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

TEST_CASE_METHOD(Reviewed, "a request is approved by another person and applied") {
    const auto made = ask(set_enabled("f", true));
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.at("/state") == "open");
    CHECK(made.at("/result/approvals_required") == "1");
    CHECK(made.at("/result/changes").find("on") != std::string::npos);
    const auto request = made.header("Location");
    CHECK(get(request, reviewer).body == made.body);
    CHECK(enabled("f") == "false");
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
    CHECK(approve(request, author).errors() == Errors{" own_request"});
    CHECK(approve(request, developer).status == 403);
    const auto approved = approve(request, reviewer);
    INFO(approved.body);
    CHECK(approved.status == 200);
    CHECK(approved.at("/state") == "approved");
    CHECK(approved.at("/approvals/0/stands") == "true");
    CHECK(apply(request, developer).status == 403);
    const auto applied = apply(request);
    INFO(applied.body);
    CHECK(applied.status == 200);
    CHECK(applied.at("/state") == "applied");
    CHECK(applied.header("Fanion-Ruleset-Version").starts_with("production="));
    CHECK(enabled("f") == "true");
    CHECK(apply(request).errors() == Errors{" ended"});
    // The entries of what was changed are in the group of the request's.
    CHECK(sql("SELECT count(*) FROM fanion.audit a, fanion.audit b WHERE a.action = 'change_request.applied' AND "
              "b.action = 'flag.configured' AND b.canonical LIKE '%\"group\":\"' || a.id || '\"%' AND "
              "b.resource = 'projects/web/flags/f/environments/production'") == "1");
    CHECK(sql("SELECT resource LIKE 'projects/web/environments/production/requests/cr_%' FROM fanion.audit "
              "WHERE action = 'change_request.applied'") == "t");
}

TEST_CASE_METHOD(Reviewed, "approving once more without a comment keeps the comment") {
    const auto request = ask(set_enabled("f", true)).header("Location");
    const auto digest = get(request + "/preview", reviewer).at("/result/digest");
    const auto say = [&](const std::string& comment) {
        const auto reply = post(request + "/approve", reviewer, R"({"digest":")" + digest + '"' + comment + '}');
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        return reply;
    };
    CHECK(say(R"(,"comment":"watch the latency")").at("/approvals/0/comment") == "watch the latency");
    const auto again = say("");
    CHECK(again.at("/approvals/0/comment") == "watch the latency");
    CHECK(again.at("/approvals/1").empty());
    CHECK(get(request, reviewer).at("/approvals/0/comment") == "watch the latency");
    CHECK(say(R"(,"comment":"fine")").at("/approvals/0/comment") == "fine");
}

TEST_CASE_METHOD(Reviewed, "as many people approve as the environment asks for") {
    want_approvals(2);
    const auto request = asked(set_enabled("f", true));
    REQUIRE(approve(request, reviewer).status == 200);
    REQUIRE(approve(request, reviewer).status == 200);  // once more is no second person
    CHECK(state(request) == "open");
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
    REQUIRE(approve(request, second).status == 200);
    CHECK(state(request) == "approved");
    want_approvals(3);  // the number counts that is asked for when it is applied
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
    want_approvals(2);
    CHECK(apply(request).status == 200);
}

TEST_CASE_METHOD(Reviewed, "several changes are made together or not at all") {
    const auto request = asked(set_enabled("f", true) + "," + set_enabled("g", true) + "," +
                               change("PATCH", "segments/s/environments/production",
                                      R"({"included":[{"attribute":"targetingKey","values":["a"]}]})"));
    REQUIRE(approve(request, reviewer).status == 200);
    force(change("DELETE", "flags/g", "null"));
    const auto refused = apply(request);
    INFO(refused.body);
    CHECK(refused.status == 404);
    CHECK(enabled("f") == "false");
    CHECK(state(request) == "approved");
    const auto other = asked(set_enabled("f", true) + "," +
                             change("PATCH", "segments/s/environments/production",
                                    R"({"included":[{"attribute":"targetingKey","values":["a"]}]})"));
    REQUIRE(approve(other, reviewer).status == 200);
    CHECK(apply(other).status == 200);
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "a change of the definition reaches all environments that want approvals") {
    want_approvals(2, "staging");
    const auto request = asked(change("PATCH", "flags/f", R"({"client":true})"));
    CHECK(get(request, author).at("/result/approvals_required") == "2");
    REQUIRE(approve(request, reviewer).status == 200);
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
    REQUIRE(approve(request, second).status == 200);
    CHECK(apply(request).status == 200);
    CHECK(get(web + "/flags/f", owner).at("/client") == "true");
}

TEST_CASE_METHOD(Reviewed, "who approves may approve in every environment that is changed") {
    want_approvals(1, "staging");
    const auto me = get("/api/v1/auth/me", reviewer).at("/user/id");
    const auto given =
        put(web + "/environments/staging/assignments/" + (me.empty() ? get("/api/v1/auth/me", reviewer).at("/id") : me),
            owner, R"({"role":"viewer"})");
    INFO(given.body);
    REQUIRE(given.status / 100 == 2);
    const auto request = asked(change("PATCH", "flags/f", R"({"client":true})"));
    const auto digest = get(request, author).at("/result/digest");
    CHECK(approve(request, reviewer, digest).status == 403);
    CHECK(approve(request, second, digest).status == 200);
}

TEST_CASE_METHOD(Reviewed, "promotions and bulk changes are requested as others") {
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    const auto request = asked(
        change("POST", "environments/production/promote", R"({"from":"development","flags":["f"]})") + "," +
        change("POST", "bulk",
               R"({"changes":[{"flags":["g"],"environment":"production","instructions":[{"kind":"turn_on"}]}]})"));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto applied = apply(request);
    INFO(applied.body);
    CHECK(applied.status == 200);
    CHECK(enabled("f") == "true");
    CHECK(enabled("g") == "true");
}

TEST_CASE_METHOD(Reviewed, "an emergency takes a permission of its own and a reason, and is audited") {
    const auto request = asked(set_enabled("f", true));
    CHECK(post(request + "/bypass", author, R"({"reason":"fire"})").status == 403);
    CHECK(post(request + "/bypass", owner, "{}").errors() == Errors{"/reason missing"});
    const auto bypassed = post(request + "/bypass", owner, R"({"reason":"fire"})");
    INFO(bypassed.body);
    CHECK(bypassed.status == 200);
    CHECK(bypassed.at("/reason") == "fire");
    CHECK(enabled("f") == "true");
    CHECK(count("change_request.bypassed") == "1");
    CHECK(sql("SELECT canonical LIKE '%\"comment\":\"fire\"%' FROM fanion.audit "
              "WHERE action = 'change_request.bypassed'") == "t");
}

TEST_CASE_METHOD(Reviewed, "drafts, and what ends a request") {
    const auto draft = asked(set_enabled("f", true), R"(,"draft":true)");
    CHECK(state(draft) == "draft");
    CHECK(approve(draft, reviewer).errors() == Errors{" draft"});
    CHECK(patch(draft, reviewer, R"({"draft":false})").errors() == Errors{" author_only"});
    CHECK(patch(draft, author, R"({"draft":false})", "\"7\"").status == 412);
    CHECK(patch(draft, author, R"({"draft":false})").status == 200);
    CHECK(state(draft) == "open");
    CHECK(post(draft + "/decline", author, "{}").errors() == Errors{" own_request"});
    const auto declined = post(draft + "/decline", reviewer, R"({"reason":"not now"})");
    CHECK(declined.status == 200);
    CHECK(declined.at("/state") == "declined");
    CHECK(declined.at("/reason") == "not now");
    CHECK(post(draft + "/withdraw", author, "{}").errors() == Errors{" ended"});
    const auto other = asked(set_enabled("f", true));
    CHECK(post(other + "/withdraw", reviewer, "{}").errors() == Errors{" author_only"});
    CHECK(post(other + "/withdraw", author, "{}").at("/state") == "withdrawn");
    CHECK(get(requests + "?state=declined", owner).at("/items/0/state") == "declined");
    CHECK(get(requests + "?state=open", owner).at("/items") == "[]");
    CHECK(get(requests + "?state=closed", owner).errors() == Errors{"?state unknown_state"});
    CHECK(get(requests + "?limit=1", owner).at("/items/0/state") == "withdrawn");
    CHECK(get(requests + "?limit=1&cursor=" + get(requests + "?limit=1", owner).at("/next"), owner)
              .at("/items/0/state") == "declined");
}

TEST_CASE_METHOD(Reviewed, "a change of the content asks for approvals again") {
    const auto request = asked(set_enabled("f", true));
    REQUIRE(approve(request, reviewer).status == 200);
    REQUIRE(patch(request, author, R"({"title":"another title"})").status == 200);
    CHECK(state(request) == "approved");  // what is approved is the change
    REQUIRE(patch(request, author, R"({"changes":[)" + set_enabled("g", true) + "]}").status == 200);
    CHECK(state(request) == "open");
    CHECK(get(request, author).at("/approvals/0/stands") == "false");
    CHECK(apply(request).errors() == Errors{" approvals_missing"});
}

TEST_CASE_METHOD(Reviewed, "people talk about a request") {
    const auto request = asked(set_enabled("f", true));
    CHECK(post(request + "/comments", reviewer, R"({"text":"why?"})").status == 201);
    CHECK(post(request + "/comments", author, R"({"text":"because"})").status == 201);
    const auto of_line = post(request + "/comments", author, R"({"text":"here","line":"flag/f#/rules/0/when"})");
    CHECK(of_line.at("/line") == "flag/f#/rules/0/when");
    CHECK(get(request + "/comments", author).at("/items/2/line") == "flag/f#/rules/0/when");
    CHECK(get(request + "/comments", author).at("/items/0/line") == "");
    const auto long_line = R"({"text":"t","line":")" + std::string(201, 'l') + "\"}";
    CHECK(post(request + "/comments", author, long_line).errors() == Errors{"/line too_long"});
    CHECK(post(request + "/comments", author, "{}").errors() == Errors{"/text missing"});
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(post(request + "/comments", viewer, R"({"text":"me too"})").status == 403);
    const auto first = get(request + "/comments?limit=1", viewer);
    CHECK(first.at("/items/0/text") == "why?");
    CHECK(get(request + "/comments?cursor=" + first.at("/next"), developer).at("/items/0/text") == "because");
    CHECK(get(request + "/comments?cursor=eA", developer).errors() == Errors{"?cursor bad_cursor"});
    CHECK(count("change_request.commented") == "3");
}

TEST_CASE_METHOD(Reviewed, "what is wrong with a change is said when it is asked for") {
    const auto none = ask(set_enabled("f", true) + "," + change("PATCH", "flags/none/environments/production", "{}"));
    CHECK(none.status == 404);
    CHECK(none.errors() == Errors{"/changes/1/path not_found"});
    const auto bad =
        ask(set_enabled("f", true) + "," + change("PATCH", "flags/g/environments/production", R"({"x":1})"));
    INFO(bad.body);
    CHECK(bad.status == 400);
    CHECK(bad.errors() == Errors{"/changes/1/body/x unknown_field"});
    CHECK(ask(set_enabled("f", true, "staging")).errors() == Errors{"/changes/0/path elsewhere"});
    CHECK(ask(set_enabled("f", true), R"(,"reviewers":["u_none"])").errors() == Errors{"/reviewers/0 unknown_member"});
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(post(requests, viewer, R"({"title":"t","changes":[)" + set_enabled("f", true) + "]}").status == 403);
    CHECK(post(requests, developer, R"({"title":"t","changes":[)" + change("DELETE", "flags/f", "{}") + "]}").status ==
          403);
    CHECK(sql("SELECT count(*) FROM fanion.change_requests") == "0");
}

TEST_CASE_METHOD(Reviewed, "who may not change a protected environment may ask for it") {
    const std::string changes = set_enabled("f", true) + "," + change("PATCH", "flags/g", R"({"client":true})") + "," +
                                change("POST", "flags",
                                       R"({"key":"h","type":"boolean","environments":)"
                                       R"({"production":{"enabled":true}}})");
    const auto asked = post(requests, developer, R"({"title":"t","changes":[)" + changes + "]}");
    INFO(asked.body);
    REQUIRE(asked.status == 201);
    const auto request = asked.header("Location");
    CHECK(put(web + "/flags/f/environments/production", developer, R"({"enabled":true})", "*").status == 403);
    CHECK(enabled("f") == "false");
    CHECK(approve(request, developer).status == 403);
    REQUIRE(approve(request, reviewer).status == 200);
    CHECK(apply(request, developer).status == 403);
    CHECK(enabled("f") == "false");
    CHECK(apply(request, reviewer).status == 200);
    CHECK(enabled("f") == "true");
    CHECK(enabled("h") == "true");
}

TEST_CASE_METHOD(Reviewed, "where no approval is wanted, a developer's request waits for who may make it") {
    want_approvals(0);
    const auto asked = post(requests, developer, R"({"title":"t","changes":[)" + set_enabled("f", true) + "]}");
    INFO(asked.body);
    REQUIRE(asked.status == 201);
    CHECK(apply(asked.header("Location"), developer).status == 403);
    CHECK(enabled("f") == "false");
    CHECK(apply(asked.header("Location"), reviewer).status == 200);
    CHECK(enabled("f") == "true");
}

TEST_CASE_METHOD(Reviewed, "a request that is applied by several at once is applied once") {
    const auto request = asked(set_enabled("f", true) + "," + set_enabled("g", true));
    REQUIRE(approve(request, reviewer).status == 200);
    std::vector<test::ApiRequest> applying;
    for (const auto& who : {author, reviewer, second, owner})
        applying.push_back({net::Method::post, request + "/apply", who, "{}"});
    std::size_t applied = 0;
    for (const auto& reply : send_at_once(std::move(applying))) {
        CHECK((reply.status == 200 || reply.errors() == Errors{" ended"}));
        if (reply.status == 200) ++applied;
    }
    CHECK(applied == 1);
    CHECK(count("change_request.applied") == "1");
    CHECK(count("flag.configured") == "2");
}

TEST_CASE_METHOD(Reviewed, "another organisation's requests do not exist") {
    const auto request = asked(set_enabled("f", true));
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    const auto other = add_member(owner, "other", "other@example.com", "owner");
    CHECK(get(request, other).status == 404);
    CHECK(post(request + "/bypass", other, R"({"reason":"r"})").status == 404);
    REQUIRE(post("/api/v1/orgs/other/projects", other, R"({"key":"web"})").status == 201);
    const auto id = request.substr(request.rfind('/'));
    const auto theirs = "/api/v1/orgs/other/projects/web/environments/production/requests" + id;
    CHECK(get(theirs, other).status == 404);
    CHECK(post(theirs + "/bypass", other, R"({"reason":"r"})").status == 404);
    CHECK(get(web + "/environments/staging/requests" + id, owner).status == 404);
    CHECK(enabled("f") == "false");
}
