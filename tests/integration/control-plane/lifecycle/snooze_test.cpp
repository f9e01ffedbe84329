// Flags that the report leaves out for some time.

#include "tests/integration/control-plane/lifecycle/lives.hpp"

using namespace fanion;
using test::acme;
using test::Lives;
using test::Reply;
using test::web;
using Texts = std::vector<std::string>;

namespace {

class Snoozes : public Lives {
public:
    static std::string place(const std::string& flag) { return web + "/flags/" + flag + "/lifecycle/snooze"; }
    std::string in_days(double days) {
        return format_rfc3339(clock.now() + static_cast<UnixMillis>(days * static_cast<double>(test::a_day)));
    }
    Reply snooze(const std::string& flag, double days, const std::string& token) {
        return put(place(flag), token, R"({"until":")" + in_days(days) + R"(","comment":"after the sale"})");
    }
    std::string found(const std::string& query = "") {
        const auto reply = get(web + "/lifecycle?" + query, owner);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        return each(reply, "/items", "flag");
    }
    // Makes all that is stored so many days older.
    void pass(int days) {
        const auto by = " - make_interval(days => " + std::to_string(days) + ")";
        age(days);
        sql("UPDATE fanion.flag_answers SET first_at = first_at" + by + ", last_at = last_at" + by);
        sql("UPDATE fanion.flag_snoozes SET until = until" + by);
    }
    std::string entries(const std::string& action) {
        return sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
    }
};

}  // namespace

TEST_CASE_METHOD(Snoozes, "a snoozed flag is left out of report and index until its time is over or somebody ends it") {
    create("a");
    create("b");
    age(100);
    REQUIRE(found() == "a b ");
    const auto made = snooze("a", 30, owner);
    INFO(made.body);
    REQUIRE(made.status == 200);
    CHECK(made.at("/until") == in_days(30));
    CHECK(made.at("/comment") == "after the sale");
    CHECK(made.at("/by/kind") == "user");
    CHECK(found() == "b ");
    CHECK(found("snoozed=true") == "a b ");
    CHECK(found("snoozed=only") == "a ");
    CHECK(found("snoozed=only&reason=constant") == "");
    CHECK(found("environment=production") == "b ");
    const auto shown = get(web + "/lifecycle?snoozed=true", owner);
    CHECK(shown.at("/items/0/snoozed/until") == in_days(30));
    CHECK(shown.at("/items/0/snoozed/by/email") == "owner@example.com");
    CHECK(shown.at("/items/1/snoozed") == "null");
    const auto index = get(web + "/flag-index", owner);
    CHECK(index.at("/flags/0/stale") == "[]");
    CHECK(index.at("/flags/0/environments/production/stale") == "null");
    CHECK(index.at("/flags/1/stale/0") == "unused");
    CHECK(get(place("a"), owner).body == made.body);
    CHECK(get(place("b"), owner).status == 404);
    CHECK(get(web + "/lifecycle?snoozed=maybe", owner).errors() == Texts{"?snoozed bad_value"});
    CHECK(del(place("a"), owner).status == 204);
    CHECK(del(place("a"), owner).status == 404);
    CHECK(found() == "a b ");
    REQUIRE(snooze("b", 2, owner).status == 200);
    CHECK(found() == "a ");
    pass(2);
    CHECK(found() == "a b ");
    CHECK(get(place("b"), owner).status == 404);
}

TEST_CASE_METHOD(Snoozes, "a snooze ends when something else is found of the flag") {
    create("f");
    age(100);
    evaluate("production", "f", "on", 50);
    evaluate("production", "f", "on", 10);
    REQUIRE(get(web + "/lifecycle", owner).at("/items/0/findings/0/reason") == "constant");
    REQUIRE(snooze("f", 30, owner).status == 200);
    CHECK(found() == "");
    pass(5);
    CHECK(found() == "f ");
    const auto woken = get(web + "/lifecycle?snoozed=true", owner);
    CHECK(woken.at("/items/0/findings/0/reason") == "unused");
    CHECK(woken.at("/items/0/snoozed") == "null");
    CHECK(found("snoozed=only") == "");
    REQUIRE(snooze("f", 30, owner).status == 200);
    CHECK(found() == "");
}

TEST_CASE_METHOD(Snoozes, "a flag of which nothing is found yet stays quiet whatever is found") {
    create("f");
    REQUIRE(snooze("f", 60, owner).status == 200);
    CHECK(found("snoozed=only") == "f ");
    CHECK(found("snoozed=only&reason=unused") == "");
    pass(20);
    CHECK(found() == "");
    CHECK(found("snoozed=only") == "f ");
}

TEST_CASE_METHOD(Snoozes, "a snooze has an end within a year, takes the permission to edit, and is audited") {
    create("f");
    CHECK(put(place("f"), owner, R"({"comment":"c"})").errors() == Texts{"/until missing"});
    CHECK(put(place("f"), owner, R"({"until":"tomorrow"})").errors() == Texts{"/until bad_time"});
    CHECK(snooze("f", -1, owner).errors() == Texts{"/until in_the_past"});
    CHECK(snooze("f", 366, owner).errors() == Texts{"/until too_far"});
    CHECK(put(place("f"), owner, R"({"until":")" + in_days(3) + R"(","days":3})").status == 400);
    CHECK(snooze("none", 3, owner).status == 404);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(snooze("f", 3, viewer).status == 403);
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    const auto first = snooze("f", 3, developer);
    REQUIRE(first.status == 200);
    CHECK(put(place("f"), owner, R"({"until":")" + in_days(4) + "\"}", "\"other\"").status == 412);
    CHECK(put(place("f"), owner, R"({"until":")" + in_days(4) + "\"}", first.etag()).status == 200);
    CHECK(entries("flag.snoozed") == "2");
    CHECK(
        sql("SELECT count(*) FROM fanion.audit WHERE canonical LIKE '%dev@example.com%' AND action = 'flag.snoozed'") ==
        "0");
    CHECK(del(place("f"), viewer).status == 403);
    CHECK(del(place("f"), developer).status == 204);
    CHECK(entries("flag.unsnoozed") == "1");
    CHECK(put(place("f"), owner, R"({"until":")" + in_days(4) + "\"}", "*").status == 412);
}
