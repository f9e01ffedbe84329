// The retention of audit logs, what it leaves, and that nothing else shortens a log.

#include <catch2/catch.hpp>

#include "control-plane/app/password_reset.hpp"
#include "control-plane/audit/retention.hpp"
#include "control-plane/db/maintenance.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::web;
using Errors = std::vector<std::string>;

namespace {

const std::string settings = acme + "/audit/settings";

class AuditRetention : public ApiFixture {
public:
    AuditRetention() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
        sql("UPDATE fanion.audit SET at = now()");
    }
    std::string purge(unsigned days) {
        run(cp::audit::purge_audit(pool, clock, days));
        return kept();
    }
    std::string kept() { return sql("SELECT string_agg(seq::text, ' ' ORDER BY seq) FROM fanion.audit"); }
    void age(const std::string& condition) {
        sql("UPDATE fanion.audit SET at = now() - interval '9 days' WHERE " + condition);
    }
    std::string verified(const std::string& member) { return get(acme + "/audit/verification", owner).at(member); }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(AuditRetention, "old entries are deleted without a gap, and an entry proves where the log begins") {
    CHECK(purge(0) == "1 2 3 4");
    CHECK(purge(5) == "1 2 3 4");
    age("seq IN (1, 3)");
    CHECK(purge(5) == "2 3 4 5");  // the third is old, but the second is not
    const auto cut = get(acme + "/audit?limit=1", owner);
    CHECK(cut.at("/items/0/entry/action") == "audit.purged");
    CHECK(cut.at("/items/0/entry/actor_kind") == "system");
    CHECK(cut.at("/items/0/entry/after/through") == "1");
    CHECK(cut.at("/items/0/entry/after/entries") == "1");
    CHECK(cut.at("/items/0/entry/after/retention_days") == "5");
    CHECK(verified("/start") == "purged");
    CHECK(verified("/ok") == "true");
    age("true");
    CHECK(purge(5) == "6");
    CHECK(verified("/ok") == "true");
    age("true");
    CHECK(purge(5) == "6");  // a log of nothing but cuts is left alone
    REQUIRE(del(web + "/flags/g", owner, "*").status == 204);
    CHECK(kept() == "6 7");
    CHECK(verified("/ok") == "true");
    // One entry more is missing than the retention deleted.
    sql("DELETE FROM fanion.audit WHERE seq = 6");
    CHECK(verified("/start") == "unproven");
}

TEST_CASE_METHOD(AuditRetention, "an organisation sets how long its log is kept, and that is in the log") {
    CHECK(get(settings, owner).at("/retention_days") == "null");
    age("seq = 1");
    const auto set = put(settings, owner, R"({"retention_days":7})", get(settings, owner).etag());
    REQUIRE(set.status == 200);
    CHECK(set.at("/retention_days") == "7");
    const auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/action") == "audit.configured");
    CHECK(entry.at("/items/0/entry/before/retention_days") == "null");
    CHECK(entry.at("/items/0/entry/after/retention_days") == "7");
    CHECK(purge(0) == "2 3 4 5 6");
    CHECK(put(settings, owner, R"({"retention_days":8})", "\"0\"").status == 412);
    CHECK(put(settings, owner, get(settings, owner).body).status == 200);  // as it was read
    REQUIRE(put(settings, owner, R"({"retention_days":null})").status == 200);
    age("seq = 2");
    CHECK(purge(0) == "2 3 4 5 6 7");
    CHECK(purge(5) == "3 4 5 6 7 8");
}

TEST_CASE_METHOD(AuditRetention, "a retention that is none is refused and changes nothing") {
    CHECK(put(settings, owner, R"({"retention_days":6})").errors() == Errors{"/retention_days out_of_range"});
    CHECK(put(settings, owner, R"({"retention_days":"7"})").errors() == Errors{"/retention_days wrong_type"});
    CHECK(put(settings, owner, R"({"days":7})").status == 400);
    CHECK(put(settings, owner, R"([])").status == 400);
    CHECK(put(settings, add_member(owner, "acme", "admin@example.com", "admin"), R"({"retention_days":7})").status ==
          403);
    CHECK(sql("SELECT count(*) FROM fanion.audit_settings") == "0");
}

TEST_CASE_METHOD(AuditRetention, "the application's role deletes nothing without the entry that tells of it") {
    const auto org = sql("SELECT org_id FROM fanion.orgs");
    constexpr cp::db::Statement shorten{"test_shorten_audit", "SELECT delete_audit_through(2)"};
    CHECK_THROWS_AS(run(pool.run_once(cp::db::Scope::tenant(org), shorten)), cp::db::PgError);
    age("seq < 3");
    CHECK(purge(5) == "3 4 5");
    CHECK_THROWS_AS(run(pool.run_once(cp::db::Scope::tenant(org), shorten)),
                    cp::db::PgError);  // that was another transaction
    CHECK(kept() == "3 4 5");
}

TEST_CASE_METHOD(AuditRetention, "counts of evaluations have a retention of their own") {
    sql("INSERT INTO fanion.evaluation_counts SELECT org_id, 'e_1', 'f', 'on', 1, '', '', now() - days * interval '1 "
        "day', 1 FROM fanion.orgs, unnest(ARRAY[1, 9]) AS days");
    run(cp::db::purge_counts(pool, 0));
    CHECK(sql("SELECT count(*) FROM fanion.evaluation_counts") == "2");
    run(cp::db::purge_counts(pool, 5));
    CHECK(sql("SELECT count(*) FROM fanion.evaluation_counts") == "1");
}

TEST_CASE_METHOD(AuditRetention, "the issue of a reset token is recorded in every organisation of the person") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    REQUIRE(run(cp::app::make_password_reset(pool, "owner@example.com", clock.now())));
    for (const auto* org : {"acme", "other"}) {
        const auto entry = get("/api/v1/orgs/" + std::string(org) + "/audit?limit=1", owner);
        CHECK(entry.at("/items/0/entry/action") == "password.reset_issued");
        CHECK(entry.at("/items/0/entry/actor_kind") == "operator");
        CHECK(entry.at("/items/0/entry/actor_id").empty());
        CHECK(entry.at("/items/0/entry/resource") == "members/" + get("/api/v1/auth/me", owner).at("/user/id"));
    }
    CHECK_FALSE(run(cp::app::make_password_reset(pool, "nobody@example.com", clock.now())));
}
