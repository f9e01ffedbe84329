// What was deleted for good.

#include <catch2/catch.hpp>

#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/projects/purge.hpp"
#include "tests/integration/control-plane/tenancy/tenancy.hpp"

using namespace fanion;
using test::Tenancy;

namespace {

class Purge : public Tenancy {
public:
    void purge() { run(cp::projects::purge_deleted(pool, clock)); }
    boost::asio::awaitable<std::uint64_t> step(int at_most) {
        auto tx = co_await pool.begin(cp::db::Scope::none());
        const auto deleted = co_await cp::projects::purge_deleted(tx, clock.now(), at_most);
        co_await tx.commit();
        co_return deleted;
    }
    std::string count(const std::string& table) { return sql("SELECT count(*) FROM fanion." + table); }
    // The tables with rows of an organisation.
    std::string tables_with(const std::string& org_id) {
        return sql(
            "SELECT coalesce(string_agg(t, ' ' ORDER BY t), '') FROM (SELECT table_name t, (xpath('/row/c/text()', "
            "query_to_xml(format('SELECT count(*) AS c FROM fanion.%I WHERE org_id = %L', table_name, '" +
            org_id +
            "'), false, true, '')))[1]::text::int n FROM information_schema.columns JOIN "
            "information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'fanion' AND "
            "column_name = 'org_id' AND table_type = 'BASE TABLE') x WHERE n > 0");
    }
};

}  // namespace

TEST_CASE_METHOD(Purge, "what can be restored is not purged") {
    REQUIRE(del_environment("staging").status == 204);
    pass_hours(7 * 24);
    purge();
    CHECK(count("environments") == "3");
    pass_hours(1);
    purge();
    CHECK(count("environments") == "3");  // an hour of grace, to the last second
    pass_hours(1);
    purge();
    CHECK(count("environments") == "2");
    CHECK(get(web + "/environments/development", owner).status == 200);
}

TEST_CASE_METHOD(Purge, "a purged environment leaves its last manifest, its audit entries and a free key") {
    const auto staging = web + "/environments/staging";
    REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
    REQUIRE(post(staging + "/keys", owner, R"({"kind":"server"})").status == 201);
    const auto env_id = get(staging, owner).at("/env_id");
    sql("INSERT INTO fanion.evaluation_counts SELECT org_id, env_id, 'f', 'on', 1, '', '', now(), 1 FROM "
        "fanion.environments");
    REQUIRE(del_environment("staging").status == 204);
    const auto entries = count("audit WHERE environment = 'staging'");
    pass_hours(8 * 24);
    purge();
    CHECK(count("deleted_environments WHERE env_id = '" + env_id + "' AND full_manifest <> ''") == "1");
    for (const auto* table :
         {"manifests", "items", "item_changes", "flag_configs", "segment_configs", "api_keys", "evaluation_counts"}) {
        INFO(table);
        CHECK(count(std::string(table) + " WHERE env_id = '" + env_id + "'") == "0");
    }
    CHECK(count("evaluation_counts") == "2");
    CHECK(count("audit WHERE environment = 'staging'") == entries);
    CHECK(post(web + "/environments", owner, R"({"key":"staging"})").status == 201);
}

TEST_CASE_METHOD(Purge, "a purge deletes a bounded number of rows at a time, and ends") {
    for (int i = 0; i < 5; ++i) {
        const auto key = "flag" + std::to_string(i);
        REQUIRE(post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"boolean"})").status == 201);
    }
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    pass_hours(8 * 24);
    int steps = 0;
    for (std::uint64_t deleted = 1; deleted > 0 && steps < 1000; ++steps) {
        deleted = run(step(3));
        CHECK(deleted <= 3);
    }
    CHECK(steps > 20);
    CHECK(count("projects") == "0");
    CHECK(count("flags") == "0");
    CHECK(count("environments") == "0");
    CHECK(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
}

TEST_CASE_METHOD(Purge, "nothing is left of a purged organisation, and everything of the others") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
    const std::string beta = "/api/v1/orgs/beta";
    REQUIRE(post(beta + "/projects", owner, R"({"key":"web"})").status == 201);
    REQUIRE(post(beta + "/projects/web/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    REQUIRE(post(beta + "/roles", owner, R"({"key":"lead","permissions":["read"]})").status == 201);
    const auto lead = add_member(owner, "beta", "lead@example.com", "lead");
    const auto id = get("/api/v1/auth/me", lead).at("/user/id");
    REQUIRE(put(beta + "/projects/web/assignments/" + id, owner, R"({"role":"lead"})").status == 201);
    REQUIRE(post(beta + "/keys", owner, R"({"kind":"relay"})").status == 201);
    REQUIRE(post(beta + "/tokens", owner, R"({"name":"n","role":"viewer"})").status == 201);
    REQUIRE(post(beta + "/webhooks", owner, R"({"url":"https://hooks.example/in"})").status == 201);
    REQUIRE(put(beta + "/audit/settings", owner, R"({"retention_days":30})").status == 200);
    REQUIRE(put(beta + "/event-settings", owner, R"({"retention_days":30})").status == 200);
    const auto org_id = sql("SELECT org_id FROM fanion.orgs WHERE key = 'beta'");
    const auto others = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    const auto before = tables_with(others);
    REQUIRE(del(beta + "?confirm=beta", owner).status == 204);
    pass_hours(8 * 24);
    purge();
    CHECK(tables_with(org_id).empty());
    CHECK(tables_with(others) == before);
    CHECK(get(web + "/flags/f", owner).status == 200);
    CHECK(post("/api/v1/orgs", owner, R"({"key":"beta"})").status == 201);
}
