// Lists of flags: conditions, orders, cursors, totals; the lifetime of a flag.

#include "tests/integration/control-plane/lifecycle/lives.hpp"

using namespace fanion;
using test::Lives;
using test::web;
using Texts = std::vector<std::string>;

namespace {

class Search : public Lives {
public:
    std::string keys(const std::string& query) {
        const auto reply = get(web + "/flags?" + query, owner);
        INFO(query << ' ' << reply.body);
        REQUIRE(reply.status == 200);
        return each(reply, "/items", "key");
    }
    Texts errors(const std::string& query) { return get(web + "/flags?" + query, owner).errors(); }
    // Over all pages of two; `between` is called after each.
    template <class Between>
    std::string walk(const std::string& query, const Between& between) {
        std::string found;
        std::string cursor;
        for (int page = 0; page < 20; ++page) {
            const auto reply = get(web + "/flags?limit=2&" + query + (page > 0 ? "&cursor=" + cursor : ""), owner);
            INFO(reply.body);
            REQUIRE(reply.status == 200);
            found += each(reply, "/items", "key");
            cursor = reply.at("/next");
            if (cursor == "null") return found;
            between(page);
        }
        FAIL("the list has no end");
        return found;
    }
    std::string walk(const std::string& query) {
        return walk(query, [](int) {});
    }
};

}  // namespace

TEST_CASE_METHOD(Search, "flags are found by text, tag, owner, type, lifetime and state") {
    create("checkout", R"(,"name":"New till","description":"for the SHOP","tags":["web","till"],"owner":"ann")");
    create("banner", R"(,"tags":["web"],"lifetime":"release")");
    create("limits", R"(,"owner":"bob","lifetime":"permission")");
    REQUIRE(post(web + "/flags", owner, R"({"key":"text","type":"string","variations":[{"key":"a","value":"x"}]})")
                .status == 201);
    REQUIRE(patch(web + "/flags/limits", owner, R"({"archived":true})", "*").status == 200);
    CHECK(keys("") == "banner checkout limits text ");
    CHECK(keys("q=CHECK") == "checkout ");
    CHECK(keys("q=till") == "checkout ");
    CHECK(keys("q=shop") == "checkout ");
    CHECK(keys("q=%25") == "");
    CHECK(keys("tag=web") == "banner checkout ");
    CHECK(keys("tag=web&tag=till") == "checkout ");
    CHECK(keys("tag=web&tag=none") == "");
    CHECK(keys("owner=ann") == "checkout ");
    CHECK(keys("owner=") == "banner text ");
    CHECK(keys("type=string") == "text ");
    CHECK(keys("lifetime=release") == "banner ");
    CHECK(keys("lifetime=none") == "checkout text ");
    CHECK(keys("state=archived") == "limits ");
    CHECK(keys("state=active&type=boolean") == "banner checkout ");
    CHECK(errors("state=on&sort=x") == Texts{"?sort bad_value", "?state bad_value"});
    CHECK(errors("owner=a&owner=b") == Texts{"?owner duplicate_parameter"});
    CHECK(errors("tags=a") == Texts{"?tags unknown_parameter"});
}

TEST_CASE_METHOD(Search, "flags are found by their state and last evaluation in an environment") {
    for (const auto* key : {"a", "b", "c"}) create(key);
    REQUIRE(patch(web + "/flags/b/environments/staging", owner, R"({"enabled":true})").status == 200);
    evaluate("staging", "a", "on", 10);
    evaluate("staging", "a", "off", 3);
    evaluate("production", "b", "on", 1);
    CHECK(keys("environment=staging&enabled=true") == "b ");
    CHECK(keys("environment=staging&enabled=false") == "a c ");
    CHECK(keys("environment=production&enabled=true") == "");
    CHECK(keys("evaluated=never") == "c ");
    CHECK(keys("evaluated=never&environment=staging") == "b c ");
    CHECK(keys("evaluated_after=" + ago(2)) == "b ");
    CHECK(keys("evaluated_after=" + ago(3)) == "a b ");
    CHECK(keys("evaluated_before=" + ago(2)) == "a c ");
    CHECK(keys("evaluated_before=" + ago(2) + "&evaluated_after=" + ago(20)) == "a ");
    CHECK(keys("sort=evaluated") == "c a b ");
    CHECK(keys("sort=-evaluated") == "b a c ");
    const auto listed = get(web + "/flags", owner);
    CHECK(listed.at("/items/0/environments/staging/evaluated_at") == ago(3));
    CHECK(listed.at("/items/0/environments/production/evaluated_at") == "null");
    CHECK(errors("enabled=true") == Texts{"?enabled missing"});
    CHECK(get(web + "/flags?environment=nowhere", owner).status == 404);
}

TEST_CASE_METHOD(Search, "evaluations in an environment that the caller may not read do not exist") {
    create("a");
    evaluate("production", "a", "on", 1);
    const auto reader = add_reader_without_production();
    const auto never = get(web + "/flags?evaluated=never", reader);
    CHECK(each(never, "/items", "key") == "a ");
    CHECK(never.body.find("production") == std::string::npos);
    CHECK(get(web + "/flags?environment=production", reader).status == 404);
    CHECK(get(web + "/flags/a/evaluations", reader).body.find("production") == std::string::npos);
    CHECK(get(web + "/flag-index", reader).body.find("production") == std::string::npos);
    CHECK(get(web + "/lifecycle?environment=production", reader).status == 404);
}

TEST_CASE_METHOD(Search, "each order goes on behind the last flag, whatever is written between the pages") {
    for (const auto* key : {"e", "b", "d", "a", "c"}) {
        create(key, R"(,"name":")" + std::string(key == std::string("d") ? "A" : "same") + "\"");
        clock.advance(1'000);
    }
    REQUIRE(patch(web + "/flags/a", owner, R"({"owner":"o"})").status == 200);
    CHECK(walk("sort=key") == "a b c d e ");
    CHECK(walk("sort=-key") == "e d c b a ");
    CHECK(walk("sort=name") == "d a b c e ");
    CHECK(walk("sort=-name") == "e c b a d ");
    CHECK(walk("sort=created") == "e b d a c ");
    CHECK(walk("sort=-created") == "c a d b e ");
    CHECK(walk("sort=updated") == "e b d c a ");
    CHECK(walk("sort=evaluated") == "a b c d e ");
    const auto insert_and_delete = [&](int page) {
        if (page != 0) return;
        create("a0");
        create("z");
        REQUIRE(del(web + "/flags/a", owner, "*").status == 204);
    };
    CHECK(walk("sort=key", insert_and_delete) == "a b c d e z ");
    CHECK(get(web + "/flags?total=true&limit=2", owner).at("/total") == "6");
    CHECK(get(web + "/flags?total=true&q=nothing", owner).at("/total") == "0");
    CHECK(get(web + "/flags", owner).at("/total").empty());
}

TEST_CASE_METHOD(Search, "a cursor is refused with another sort or filter") {
    for (const auto* key : {"a", "b"}) create(key);
    const auto cursor = get(web + "/flags?limit=1&sort=-key&state=active", owner).at("/next");
    CHECK(keys("limit=5&state=active&sort=-key&total=true&cursor=" + cursor) == "a ");
    for (const auto* other : {"state=active", "sort=key&state=active", "sort=-key", "sort=-key&state=archived"})
        CHECK(errors(other + ("&cursor=" + cursor)) == Texts{"?cursor bad_cursor"});
    CHECK(errors("cursor=YQ") == Texts{"?cursor bad_cursor"});
}

TEST_CASE_METHOD(Search, "segments are searched and sorted alike") {
    for (const auto* key : {"b", "a", "c"}) {
        const auto name = std::string(key) == "c" ? "first" : "second";
        REQUIRE(post(web + "/segments", owner,
                     R"({"key":")" + std::string(key) + R"(","name":")" + name + R"(","description":"d-)" + key + "\"}")
                    .status == 201);
        clock.advance(1'000);
    }
    const auto list = [&](const std::string& query) {
        return each(get(web + "/segments?" + query, owner), "/items", "key");
    };
    CHECK(list("") == "a b c ");
    CHECK(list("sort=-key") == "c b a ");
    CHECK(list("sort=name") == "c a b ");
    CHECK(list("sort=-created") == "c a b ");
    CHECK(list("q=D-B") == "b ");
    const auto first = get(web + "/segments?sort=name&limit=2&total=true", owner);
    CHECK(first.at("/total") == "3");
    CHECK(list("sort=name&limit=2&cursor=" + first.at("/next")) == "b ");
    CHECK(get(web + "/segments?sort=key&cursor=" + first.at("/next"), owner).errors() == Texts{"?cursor bad_cursor"});
    CHECK(get(web + "/segments?sort=evaluated", owner).errors() == Texts{"?sort bad_value"});
}

TEST_CASE_METHOD(Search, "a lifetime is set in each form of writing, and no relay hears of it") {
    create("f");
    const auto flag = web + "/flags/f";
    const auto published = sql("SELECT string_agg(version::text, ',') FROM fanion.environments");
    CHECK(get(flag, owner).at("/lifetime") == "null");
    CHECK(patch(flag, owner, R"({"lifetime":"release"})").at("/lifetime") == "release");
    CHECK(get(flag, owner).at("/lifetime") == "release");
    CHECK(put(flag, owner, R"({"lifetime":"experiment"})").at("/lifetime") == "experiment");
    const auto instructions = R"({"instructions":[{"kind":"set_lifetime","lifetime":"operational"}]})";
    const auto dry = send({net::Method::patch,
                           flag + "?dry_run=true",
                           owner,
                           instructions,
                           {{"Content-Type", "application/vnd.fanion.instructions+json"}}});
    CHECK(dry.at("/changes/0") == "Changes the lifetime to `operational` from `experiment`.");
    const auto instructed = send({net::Method::patch,
                                  flag,
                                  owner,
                                  instructions,
                                  {{"Content-Type", "application/vnd.fanion.instructions+json"}}});
    CHECK(instructed.at("/lifetime") == "operational");
    CHECK(patch(flag, owner, R"({"lifetime":null})").at("/lifetime") == "null");
    CHECK(patch(flag, owner, R"({"lifetime":"forever"})").errors() == Texts{"/lifetime bad_value"});
    CHECK(patch(flag, owner, R"({"lifetime":7})").errors() == Texts{"/lifetime wrong_type"});
    CHECK(sql("SELECT string_agg(version::text, ',') FROM fanion.environments") == published);
    create("g", R"(,"lifetime":"permission")");
    CHECK(get(web + "/environments/staging/ruleset", owner).body.find("permission") == std::string::npos);
}
