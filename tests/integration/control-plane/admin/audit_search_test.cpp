// The conditions of a search in the audit log, its pages, and that indexes serve it.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

class AuditSearch : public ApiFixture {
public:
    AuditSearch() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(acme + "/projects", owner, R"({"key":"shop"})").status == 201);
        dev = add_member(owner, "acme", "dev@example.com", "developer");
    }
    void make_flag(const std::string& key, const std::string& token, const std::string& comment = "") {
        const auto query = comment.empty() ? "" : "?comment=" + percent_encode(comment);
        REQUIRE(post(web + "/flags" + query, token, R"({"type":"boolean","key":")" + key + "\"}").status == 201);
    }
    Reply search(const std::string& query) { return get(acme + "/audit?" + query, owner); }
    // "action resource" of each entry of a page.
    std::vector<std::string> found(const std::string& query) {
        const auto page = search(query);
        INFO(page.body);
        REQUIRE(page.status == 200);
        std::vector<std::string> entries;
        for (int i = 0; !page.at("/items/" + std::to_string(i)).empty(); ++i) {
            const auto entry = "/items/" + std::to_string(i) + "/entry";
            entries.push_back(page.at(entry + "/action") + ' ' + page.at(entry + "/resource"));
        }
        return entries;
    }
    std::string owner;
    std::string dev;
};

using Entries = std::vector<std::string>;
using Errors = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(AuditSearch, "each condition selects, and several select what satisfies all") {
    make_flag("f", owner, "for the spring SALE");
    make_flag("g", dev);
    REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
    REQUIRE(patch(web + "/flags/g/environments/staging", dev, R"({"enabled":true})").status == 200);
    const auto dev_id = get("/api/v1/auth/me", dev).at("/user/id");
    const std::string f = "flag.created projects/web/flags/f";
    const std::string g = "flag.created projects/web/flags/g";
    const std::string f_staging = "flag.configured projects/web/flags/f/environments/staging";
    const std::string g_staging = "flag.configured projects/web/flags/g/environments/staging";
    CHECK(found("actor=" + dev_id + "&action=flag.created") == Entries{g});
    CHECK(found("actor=DEV@example.com&project=web") == Entries{g_staging, g});
    CHECK(found("action=flag.created") == Entries{g, f});
    CHECK(found("project=shop") == Entries{"project.created projects/shop"});
    CHECK(found("env=staging") == Entries{g_staging, f_staging});
    CHECK(found("env=staging&actor=" + dev_id) == Entries{g_staging});
    CHECK(found("env=production").empty());
    CHECK(found("text=spring%20sale") == Entries{f});
    CHECK(found("text=flags/g") == Entries{g_staging, g});
    CHECK(found("text=%25%25%25").empty());  // no wildcards
    CHECK(found("text=___").empty());
    CHECK(found("resource=projects/web/flags/f&action=flag.configured") == Entries{f_staging});
}

TEST_CASE_METHOD(AuditSearch, "a time selects from it on, or what is before it") {
    clock.advance(4 * 60'000);
    const auto before = format_rfc3339(clock.now());
    make_flag("f", owner);
    clock.advance(4 * 60'000);
    const auto after = format_rfc3339(clock.now());
    REQUIRE(patch(web + "/flags/f", owner, R"({"name":"F"})").status == 200);
    CHECK(found("project=web&from=" + after) == Entries{"flag.updated projects/web/flags/f"});
    CHECK(found("project=web&from=" + before + "&to=" + after) == Entries{"flag.created projects/web/flags/f"});
    CHECK(found("action=flag.created&to=" + before).empty());
    CHECK(found("from=" + before).size() == 2);
}

TEST_CASE_METHOD(AuditSearch, "mistakes in conditions are refused with their place") {
    CHECK(search("action=flag.exploded").errors() == Errors{"?action unknown_action"});
    CHECK(search("actor=nobody@example.com").errors() == Errors{"?actor unknown_actor"});
    CHECK(search("from=yesterday").errors() == Errors{"?from malformed"});
    CHECK(search("to=").errors() == Errors{"?to malformed"});
    CHECK(search("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").errors() == Errors{"?to out_of_range"});
    CHECK(search("text=ab").errors() == Errors{"?text out_of_range"});
    CHECK(search("who=me").errors() == Errors{"?who unknown_parameter"});
    CHECK(search("text=a%00b").errors() == Errors{"?text bad_character"});
}

TEST_CASE_METHOD(AuditSearch, "an entry is read by its id, and an entry alone is its own group") {
    make_flag("f", owner);
    const auto page = search("limit=1");
    const auto id = page.at("/items/0/entry/id");
    const auto one = get(acme + "/audit/" + id, owner);
    CHECK(one.status == 200);
    CHECK(one.at("/entry/id") == id);
    CHECK(one.at("/entry/after/key") == "f");
    CHECK_FALSE(one.at("/canonical").empty());
    CHECK(get(acme + "/audit/a_none", owner).status == 404);
    CHECK(found("group=" + id) == Entries{"flag.created projects/web/flags/f"});
}

TEST_CASE_METHOD(AuditSearch, "pages of a search neither repeat nor leave out an entry while others are written") {
    for (int i = 0; i < 9; ++i) make_flag("f" + std::to_string(i), owner);
    Entries all;
    std::string cursor;
    do {
        const auto page = search("action=flag.created&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
        REQUIRE(page.status == 200);
        for (int i = 0; !page.at("/items/" + std::to_string(i)).empty(); ++i)
            all.push_back(page.at("/items/" + std::to_string(i) + "/entry/after/key"));
        make_flag("later" + std::to_string(all.size()), owner);
        cursor = page.at("/next") == "null" ? "" : page.at("/next");
    } while (!cursor.empty());
    CHECK(all == Entries{"f8", "f7", "f6", "f5", "f4", "f3", "f2", "f1", "f0"});
}

TEST_CASE_METHOD(AuditSearch, "every condition has an index that serves it") {
    const auto org = sql("SELECT org_id FROM fanion.orgs");
    sql("INSERT INTO fanion.audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, project, environment, "
        "group_id, comment, canonical, prev_hash, hash) SELECT '" +
        org +
        "', 1000 + n, 'a_' || n, '2020-01-01'::timestamptz + n * interval '1 minute', 'user', 'u_' || (n % 500), "
        "(ARRAY['flag.updated', 'flag.configured', 'segment.updated', 'key.created'])[n % 4 + 1], "
        "'projects/p' || (n % 100) || '/flags/f' || (n % 3000) || '/environments/e' || (n % 30), 'p' || (n % 100), "
        "'e' || (n % 30), 'a_' || n, 'comment number ' || n, repeat('x', 700), '\\x00', sha256('x') FROM "
        "generate_series(1, 20000) "
        "n");
    sql("VACUUM ANALYZE fanion.audit");
    // Plans the statement as find_audit() does: as its owner, whose policies let every index be used.
    sql("CREATE FUNCTION fanion.test_explain(q text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = fanion, pg_temp AS $$ DECLARE line text; plan text := ''; BEGIN "
        "FOR line IN EXECUTE 'EXPLAIN ' || q LOOP plan := plan || line || E'\\n'; END LOOP; RETURN plan; END $$");
    sql("ALTER FUNCTION fanion.test_explain(text) OWNER TO fanion_lookup");
    for (const auto& [condition, index] : std::vector<std::pair<std::string, std::string>>{
             {"a.actor_id = 'u_7'", "audit_actor"},
             {"a.group_id = 'a_77'", "audit_group"},
             {"a.environment = 'e7' AND a.environment <> ''", "audit_environment"},
             {"a.project = 'p7' AND a.project <> ''", "audit_project"},
             {"a.project = 'p7' AND a.project <> '' AND a.environment = 'e7' AND a.environment <> ''", "audit_place"},
             {"(a.resource || ' ' || a.comment || ' ' || a.action) ILIKE '%number 19999%'", "audit_text"},
             {"a.resource COLLATE \"C\" >= 'projects/p7/flags/f7' AND a.resource COLLATE \"C\" < "
              "'projects/p7/flags/f70'",
              "audit_resource"}}) {
        const auto text = sql("SELECT fanion.test_explain($q$SELECT a.seq FROM audit a WHERE a.org_id = '" + org +
                              "' AND " + condition + " ORDER BY a.seq DESC LIMIT 51$q$)");
        INFO(condition << "\n" << text);
        CHECK(text.find(index) != std::string::npos);
    }
}
