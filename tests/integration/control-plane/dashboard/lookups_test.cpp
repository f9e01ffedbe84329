// What a user interface looks up: the tree of a rule, and the relays of an organisation.

#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string parse = "/api/v1/rules/parse";

}  // namespace

TEST_CASE_METHOD(Project, "the text of a condition becomes its tree, or the place of its mistake") {
    const auto parsed = post(parse, owner, R"({"text":"country in ['DE','AT']  and not segment 'staff'"})");
    INFO(parsed.body);
    CHECK(parsed.status == 200);
    CHECK(parsed.at("/text") == R"(country in ["DE", "AT"] and not segment "staff")");
    CHECK(parsed.at("/when/all/0/op") == "one_of");
    CHECK(parsed.at("/places/0/pointer").empty());
    CHECK(parsed.at("/places/1/column") == "1");

    const auto wrong = post(parse, owner, R"({"text":"country on 'DE'"})");
    CHECK(wrong.status == 400);
    CHECK(wrong.errors() == Texts{"/text bad_rule"});
    CHECK(wrong.at("/errors/0/detail").starts_with("line 1, column 9"));
    CHECK(post(parse, owner, "{}").errors() == Texts{"/text missing"});
    CHECK(post(parse, "", R"({"text":"always"})").status == 401);
    CHECK(post(parse, service("viewer", R"(["read"])"), R"({"text":"always"})").status == 200);
}

TEST_CASE_METHOD(Project, "a relay's ledger has what was delivered, and what it has reported itself") {
    const auto org = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    sql("INSERT INTO fanion.relay_deliveries VALUES ('" + org + "', 'eu-1', 'counts', 4), ('" + org +
        "', 'us-1', 'counts', 1); INSERT INTO fanion.relay_ledgers VALUES ('" + org +
        R"(', 'eu-1', '{"accepted":{"counts":5}}', '2026-11-29T11:43:40Z'), (')" + org +
        R"(', 'new', '{"accepted":{"counts":0}}', '2026-11-29T11:43:40Z'))");
    const auto all = get(acme + "/relays/deliveries", owner);
    INFO(all.body);
    CHECK(each(all, "relay") == "eu-1 new us-1 ");
    CHECK(all.at("/items/0/delivered/counts") == "4");
    CHECK(all.at("/items/0/reported/accepted/counts") == "5");
    CHECK(all.at("/items/0/reported_at") == "2026-11-29T11:43:40.000Z");
    CHECK(all.at("/items/1/delivered/counts") == "0");
    CHECK(all.at("/items/2/reported") == "null");
}

TEST_CASE_METHOD(Project, "the relays of an organisation, with what they last reported of each environment") {
    CHECK(get(acme + "/relays", owner).at("/items") == "[]");
    const auto org = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    for (const auto* relay : {"eu-1", "us-1"}) {
        sql("INSERT INTO fanion.relay_status (org_id, relay_id, build, env_id, epoch, version, state) SELECT '" + org +
            "', '" + relay + "', '1.4.0', env_id, epoch, version, 'applied' FROM fanion.environments");
    }
    const auto all = get(acme + "/relays", owner);
    CHECK(each(all, "relay") == "eu-1 eu-1 eu-1 us-1 us-1 us-1 ");
    CHECK(all.at("/items/0/build") == "1.4.0");
    CHECK(all.at("/items/0/project") == "web");
    CHECK(all.at("/items/0/canary") == "");  // there are no stages
    CHECK(all.at("/items/0/version") == all.at("/items/0/published"));
    const auto first = get(acme + "/relays?limit=4", owner);
    CHECK(each(get(acme + "/relays?limit=4&cursor=" + first.at("/next"), owner), "relay") == "us-1 us-1 ");

    const auto outsider = add_member(owner, "acme", "out@example.com", "viewer");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'out@example.com'");
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"none"})").status == 200);
    REQUIRE(put(web + "/environments/staging/assignments/" + id, owner, R"({"role":"developer"})").status == 201);
    CHECK(each(get(acme + "/relays", outsider), "environment") == "staging staging ");
    // Pages are made of what the caller may read, and their cursors of nothing else.
    const auto one = get(acme + "/relays?limit=1", outsider);
    CHECK(each(one, "relay") == "eu-1 ");
    const auto two = get(acme + "/relays?limit=1&cursor=" + one.at("/next"), outsider);
    CHECK(each(two, "relay") == "us-1 ");
    CHECK(two.at("/next") == "null");
}
