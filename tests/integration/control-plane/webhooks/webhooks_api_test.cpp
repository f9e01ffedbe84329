// The API: what is shown and stored, preconditions, bad input, the log.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/webhooks/receiver.hpp"

using namespace fanion;
using test::Webhooks;
using Texts = std::vector<std::string>;

TEST_CASE_METHOD(Webhooks, "a secret is shown once, and neither it nor the URL is in the database or the audit log") {
    const auto url = receiver.url("T0") + "?key=hidden";
    const auto made = post(home + "/webhooks", owner, R"({"name":"ops","url":")" + url + "\"}");
    INFO(made.body);
    REQUIRE(made.status == 201);
    const auto secret = made.at("/secret");
    CHECK(secret.starts_with("whsec_"));
    CHECK(made.header("Location") == home + "/webhooks/" + made.at("/id"));
    CHECK(made.etag() == "\"1\"");
    CHECK(made.at("/warnings/0/code") == "not_encrypted");
    const auto shown = get(home + "/webhooks/" + made.at("/id"), owner);
    CHECK(shown.at("/url") == url);
    CHECK(shown.at("/secret").empty());
    CHECK(shown.etag() == made.etag());
    CHECK(get(home + "/webhooks", owner).at("/items/0/url") == url);
    CHECK(get(home + "/webhooks", owner).body.find(secret) == std::string::npos);
    for (const auto& text : {secret.substr(6), std::string("hidden"), std::string("/in/T0")}) {
        CAPTURE(text);
        CHECK(get(home + "/audit?canonical=true", owner).body.find(text) == std::string::npos);
        CHECK(sql("SELECT count(*) FROM fanion.webhooks w WHERE w::text LIKE '%" + text + "%' OR position('" + text +
                  "'::bytea IN url || secret) > 0") == "0");
    }
    const auto rotated = post(home + "/webhooks/" + made.at("/id") + "/rotate", owner, "{}");
    CHECK(get(home + "/audit", owner).body.find(rotated.at("/secret").substr(6)) == std::string::npos);
}

TEST_CASE_METHOD(Webhooks, "what is sealed for one webhook does not open for another") {
    const auto one = make_webhook("a");
    const auto two = make_webhook("b");
    sql("UPDATE fanion.webhooks SET url = (SELECT url FROM fanion.webhooks WHERE webhook_id = '" + one.at("/id") +
        "')");
    CHECK(get(home + "/webhooks/" + one.at("/id"), owner).status == 200);
    CHECK(get(home + "/webhooks/" + two.at("/id"), owner).status >= 400);
}

TEST_CASE_METHOD(Webhooks, "a webhook is replaced, patched and deleted under If-Match, and each change is audited") {
    const auto made = make_webhook("a", R"(,"name":"n","events":["flag.*"],"projects":["web"])");
    const auto place = home + "/webhooks/" + made.at("/id");
    const auto present = get(place, owner);
    const auto same = put(place, owner, present.body, made.etag());
    CHECK(same.status == 200);
    CHECK(same.etag() == made.etag());
    const auto stale = patch(place, owner, R"({"name":"m"})", "\"7\"");
    CHECK(stale.status == 412);
    CHECK(stale.at("/name") == "n");
    const auto patched = patch(place, owner, R"({"name":"m","environments":["staging"]})", made.etag());
    CHECK(patched.status == 200);
    CHECK(patched.etag() == "\"2\"");
    CHECK(patched.at("/environments/0") == "staging");
    CHECK(patched.at("/events/0") == "flag.*");
    const auto replaced = put(place, owner, R"({"url":"https://hooks.example/other"})", "\"2\"");
    CHECK(replaced.status == 200);
    CHECK(replaced.at("/name").empty());
    CHECK(replaced.at("/events") == "[]");
    CHECK(replaced.at("/warnings") == "[]");
    CHECK(del(place, owner, "\"1\"").status == 412);
    CHECK(del(place, owner, "\"3\"").status == 204);
    CHECK(get(place, owner).status == 404);
    const auto audit = get(home + "/audit?limit=4&resource=webhooks/" + made.at("/id"), owner);
    CHECK(audit.at("/items/0/entry/action") == "webhook.deleted");
    CHECK(audit.at("/items/0/entry/before/url_origin") == "https://hooks.example");
    CHECK(audit.at("/items/1/entry/action") == "webhook.updated");
    CHECK(audit.at("/items/2/entry/after/name") == "m");
    CHECK(audit.at("/items/3/entry/action") == "webhook.created");
}

TEST_CASE_METHOD(Webhooks, "bad input is refused with its place, and changes nothing") {
    const auto made = make_webhook("a");
    const auto place = home + "/webhooks/" + made.at("/id");
    const auto before = sql("SELECT md5(string_agg(w::text, ',')) FROM fanion.webhooks w");
    const auto entries = sql("SELECT count(*) FROM fanion.audit");
    const auto refused = [&](const std::string& body, const std::string& error) {
        CAPTURE(body);
        for (const auto& reply : {post(home + "/webhooks", owner, body), put(place, owner, body)}) {
            CHECK(reply.status == 400);
            CHECK(reply.errors() == Texts{error});
        }
    };
    refused("{}", "/url missing");
    refused(R"({"url":1})", "/url wrong_type");
    refused(R"({"url":"gopher://x"})", "/url bad_url");
    refused(R"({"url":"https://x/\u0000"})", "/url bad_character");
    refused(R"({"url":"https://x","url":"https://y"})", "/url duplicate_field");
    refused(R"({"url":"https://x","secret":"whsec_AAAA"})", "/secret unknown_field");
    refused(R"({"url":"https://x","events":["flag.exploded"]})", "/events/0 unknown_event");
    refused(R"({"url":"https://x","events":["flag.*","flagg.*"]})", "/events/1 unknown_event");
    refused(R"({"url":"https://x","events":"flag.*"})", "/events wrong_type");
    refused(R"({"url":"https://x","projects":["web","a b"]})", "/projects/1 bad_key");
    refused(R"({"url":"https://x","name":")" + std::string(201, 'n') + "\"}", "/name too_long");
    refused(R"({"url":"https://x","template":"irc"})", "/template unknown_template");
    CHECK(post(home + "/webhooks", owner, "[]").status == 400);
    CHECK(post(home + "/webhooks", owner, "{\"url\":\"https://x/\xFF\"}").status == 400);
    CHECK(patch(place, owner, R"({"version":9})").errors() == Texts{"/version immutable"});
    CHECK(post(place + "/rotate", owner, R"({"overlap_hours":1000})").errors() == Texts{"/overlap_hours out_of_range"});
    CHECK(post(place + "/rotate", owner, R"({})").status == 200);
    CHECK(post(place + "/test", owner, R"({"wave":1})").errors() == Texts{"/wave unknown_field"});
    CHECK(post(place + "/deliveries/msg_none/replay", owner, "{}").status == 404);
    CHECK(post(place + "/deliveries/msg_none/replay", owner, R"({"wave":1})").errors() == Texts{"/wave unknown_field"});
    CHECK(get(place + "/deliveries?state=lost", owner).errors() == Texts{"?state unknown_state"});
    CHECK(get(place + "/deliveries?cursor=eA", owner).errors() == Texts{"?cursor bad_cursor"});
    CHECK(get(home + "/webhooks/wh_none/deliveries", owner).status == 404);
    CHECK(sql("SELECT count(*) FROM fanion.audit") == std::to_string(std::stoi(entries) + 1));  // the rotation
    CHECK(sql("SELECT md5(string_agg(w::text, ',')) FROM fanion.webhooks w") != before);
}

TEST_CASE_METHOD(Webhooks, "a filter names projects and environments that are there") {
    REQUIRE(post(home + "/projects", owner, R"({"key":"shop"})").status == 201);
    REQUIRE(post(home + "/projects/shop/environments", owner, R"({"key":"qa"})").status == 201);
    const auto made = make_webhook("a", R"(,"projects":["web"],"environments":["staging"])");
    const auto place = home + "/webhooks/" + made.at("/id");
    const auto refused = [&](const std::string& filter, const Texts& errors) {
        CAPTURE(filter);
        const auto body = R"({"url":"https://x",)" + filter + '}';
        for (const auto& reply : {post(home + "/webhooks", owner, body), put(place, owner, body),
                                  patch(place, owner, '{' + filter + '}')}) {
            CHECK(reply.status == 422);
            CHECK(reply.errors() == errors);
        }
    };
    refused(R"("projects":["web","wep"],"environments":[])", {"/projects/1 unknown_reference"});
    refused(R"("projects":[],"environments":["qa","prod","staging"])", {"/environments/1 unknown_reference"});
    refused(R"("projects":["web"],"environments":["staging","qa"])", {"/environments/1 unknown_reference"});
    refused(R"("projects":["wep"],"environments":["prod"])",
            {"/projects/0 unknown_reference", "/environments/0 unknown_reference"});
    CHECK(get(place, owner).etag() == made.etag());
    CHECK(patch(place, owner, R"({"projects":["web","shop"],"environments":["staging","qa"]})").status == 200);
    // What is deleted may stay in a filter, and does not come into another one.
    REQUIRE(del(home + "/projects/shop?confirm=shop", owner).status == 204);
    CHECK(patch(place, owner, R"({"name":"n","environments":["qa"]})").status == 200);
    CHECK(
        post(home + "/webhooks", owner, R"({"url":"https://x","projects":["shop"],"environments":["qa"]})").errors() ==
        Texts{"/projects/0 unknown_reference", "/environments/0 unknown_reference"});
}

TEST_CASE_METHOD(Webhooks, "webhooks are for administrators") {
    const auto made = make_webhook("a");
    const auto maintainer = add_member(owner, "acme", "m@example.com", "maintainer");
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    for (const auto& path : {home + "/webhooks", home + "/webhooks/" + made.at("/id"),
                             home + "/webhooks/" + made.at("/id") + "/deliveries"}) {
        CHECK(get(path, maintainer).status == 403);
        CHECK(get(path, admin).status == 200);
    }
    CHECK(post(home + "/webhooks", maintainer, R"({"url":"https://x"})").status == 403);
}

TEST_CASE_METHOD(Webhooks, "an organisation has at most fifty webhooks") {
    for (int i = 0; i < 50; ++i) make_webhook("a");
    CHECK(post(home + "/webhooks", owner, R"({"url":"https://x"})").errors() == Texts{" limit"});
    const auto page = get(home + "/webhooks?limit=30", owner);
    const auto rest = get(home + "/webhooks?limit=30&cursor=" + page.at("/next"), owner);
    CHECK(rest.at("/items/19/id") > rest.at("/items/0/id"));
    CHECK(rest.at("/items/20").empty());
    CHECK(rest.at("/next") == "null");
}

TEST_CASE_METHOD(Webhooks, "a test message goes to its webhook alone, whatever the filter, and its end is in the log") {
    const auto made = make_webhook("a", R"(,"events":["segment.deleted"])");
    make_webhook("b");
    deliver();
    receiver.forget();
    const auto place = home + "/webhooks/" + made.at("/id");
    const auto tested = post(place + "/test", owner, "{}");
    INFO(tested.body);
    REQUIRE(tested.status == 202);
    CHECK(tested.at("/state") == "pending");
    deliver();
    REQUIRE(receiver.all().size() == 1);
    CHECK(receiver.at("a")[0].at("/type") == "webhook.test");
    CHECK(receiver.at("a")[0].id == tested.at("/id"));
    CHECK(receiver.at("a")[0].is_signed_with(made.at("/secret")));
    const auto logged = get(tested.header("Location"), owner);
    CHECK(logged.at("/state") == "delivered");
    CHECK(logged.at("/attempt_log/0/status") == "200");
    CHECK(patch(place, owner, R"({"enabled":false})").status == 200);
    CHECK(post(place + "/test", owner, "{}").status == 409);
}

TEST_CASE_METHOD(Webhooks, "the log is paged, newest first, and selected by state") {
    const auto made = make_webhook("a", R"(,"events":["flag.updated"])");
    const auto list = home + "/webhooks/" + made.at("/id") + "/deliveries";
    make_flag("f");
    make_flag("g");
    receiver.answer("a", {{500}});
    describe_flag("f", "0");
    deliver();
    for (int i = 0; i < 5; ++i) describe_flag("g", std::to_string(i));
    deliver();
    const auto first = get(list + "?limit=4", owner);
    CHECK(first.at("/items/0/resource") == "projects/web/flags/g");
    CHECK(first.at("/items/0/state") == "delivered");
    CHECK(first.at("/items/0/last_attempt/status") == "200");
    CHECK(first.at("/items/0/next_attempt_at") == "null");
    const auto second = get(list + "?limit=4&cursor=" + first.at("/next"), owner);
    CHECK(second.at("/items/1/state") == "failed");
    CHECK(second.at("/items/1/next_attempt_at") != "null");
    CHECK(second.at("/items/2").empty());
    CHECK(second.at("/next") == "null");
    const auto failed = get(list + "?state=failed", owner);
    CHECK(failed.at("/items/0/last_attempt/status") == "500");
    CHECK(failed.at("/items/1").empty());
    CHECK(get(list + "?state=dead", owner).at("/items") == "[]");
}

TEST_CASE_METHOD(Webhooks, "a delivered message can be sent again, with the same id") {
    const auto made = make_webhook("a", R"(,"events":["flag.created"])");
    make_flag("f");
    deliver();
    const auto id = receiver.at("a")[0].id;
    const auto replay = home + "/webhooks/" + made.at("/id") + "/deliveries/" + id + "/replay";
    REQUIRE(post(replay, owner, "{}").status == 202);
    CHECK(deliver() == 1);
    CHECK(receiver.at("a")[1].id == id);
    CHECK(receiver.at("a")[1].body == receiver.at("a")[0].body);
    CHECK(get(home + "/audit?limit=1", owner).at("/items/0/entry/action") == "webhook.replayed");
    sql("UPDATE fanion.webhook_deliveries SET state = 'pending', leased_by = 'x', leased_until = 'infinity'");
    CHECK(post(replay, owner, "{}").errors() == Texts{" in_progress"});
}
