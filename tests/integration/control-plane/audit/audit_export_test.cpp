// Exports of the audit log and its check by the server: what is exported verifies offline, rulesets name the chain.

#include <algorithm>
#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/wire/audit_export.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

class AuditExport : public ApiFixture {
public:
    AuditExport() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
    }
    Reply export_with(const std::string& query = "") { return get(acme + "/audit/export" + query, owner); }

    static wire::AuditReport verify(std::string_view text, std::vector<wire::AuditStatement> statements = {}) {
        wire::AuditVerifier verifier(std::move(statements));
        for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
            verifier.feed(text.substr(0, end));
            text.remove_prefix(end + 1);
        }
        if (!text.empty()) verifier.feed(text, false);
        return verifier.finish();
    }
    // What the newest ruleset of an environment says of the log.
    std::optional<wire::AuditHead> named_by(const std::string& env) {
        const auto ruleset = get(web + "/environments/" + env + "/ruleset", owner);
        REQUIRE(ruleset.status == 200);
        return wire::parse_manifest(split(std::string_view(ruleset.body), '\n')[1]).value().audit;
    }
    std::string owner;
    telemetry::Registry replica_registry;
    cp::db::Metrics replica_metrics{replica_registry};
};

}  // namespace

TEST_CASE_METHOD(AuditExport, "an export is a complete chain, and has the hashes that the rulesets name") {
    const auto reply = export_with();
    REQUIRE(reply.status == 200);
    CHECK(reply.header("Content-Type") == "application/x-ndjson");
    CHECK(reply.header("Content-Disposition") == "attachment; filename=\"audit-acme.ndjson\"");
    std::vector<wire::AuditStatement> statements;
    for (const auto* env : {"development", "staging", "production"}) {
        const auto head = named_by(env);
        REQUIRE(head);
        statements.push_back({env, *head});
    }
    const auto report = verify(reply.body, statements);
    CHECK(report.faults.empty());
    CHECK(report.start == wire::AuditStart::first);
    CHECK(report.statements_met == 3);
    CHECK(std::to_string(report.entries) == sql("SELECT count(*) FROM fanion.audit"));
    CHECK(report.header.org == "acme");
    // The ruleset that a change published names the entry before that change, which is newer than those of before.
    CHECK(named_by("staging")->seq > named_by("development")->seq);
    CHECK(named_by("staging")->seq == report.last.seq - 1);
}

namespace {

boost::asio::awaitable<void> append_some(cp::db::Pool& replica, cp::access::OrgId org_id, int count) {
    for (int i = 0; i < count; ++i) {
        cp::audit::AuditEntry entry;
        entry.org_id = org_id;
        entry.action = cp::audit::Action::flag_updated;
        entry.resource = "projects/web/flags/" + std::to_string(i);
        auto tx = co_await replica.begin(cp::db::Scope::tenant(org_id.str()));
        co_await cp::audit::append_audit(tx, std::move(entry));
        if (i % 5 == 4) continue;  // rolled back: no number is lost
        co_await tx.commit();
    }
}

}  // namespace

TEST_CASE_METHOD(AuditExport, "writers at several replicas make one chain without a gap") {
    const cp::access::OrgId org_id(sql("SELECT org_id FROM fanion.orgs"));
    const auto before = std::stoi(sql("SELECT count(*) FROM fanion.audit"));
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 3;
    std::vector<std::unique_ptr<cp::db::Pool>> replicas;
    int running = 0;
    for (int i = 0; i < 3; ++i)
        replicas.push_back(std::make_unique<cp::db::Pool>(context.get_executor(), config, replica_metrics, log));
    for (auto& replica : replicas) {
        for (int writer = 0; writer < 3; ++writer) {
            ++running;
            boost::asio::co_spawn(context, append_some(*replica, org_id, 10), [&running](std::exception_ptr failed) {
                if (failed) std::rethrow_exception(failed);
                --running;
            });
        }
    }
    context.restart();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (running > 0 && context.run_one_until(deadline) > 0) {
    }
    REQUIRE(running == 0);
    const auto report = verify(export_with().body);
    CHECK(report.faults.empty());
    CHECK(report.entries == static_cast<std::uint64_t>(before + 9 * 8));
}

TEST_CASE_METHOD(AuditExport, "a log of several pages is exported whole") {
    sql("WITH RECURSIVE a AS (SELECT org_id, seq, hash FROM fanion.audit ORDER BY seq DESC LIMIT 1), "
        "made AS (SELECT org_id, seq, hash, NULL::bytea AS prev, NULL::text AS canonical FROM a UNION ALL "
        "SELECT org_id, seq + 1, sha256(hash || convert_to(c, 'UTF8')), hash, c FROM made, LATERAL (SELECT "
        "format('{\"org_id\":\"%s\",\"seq\":%s,\"id\":\"a_x%s\",\"at\":1763720000000,\"actor_id\":\"\",\"action\":"
        "\"flag.updated\","
        "\"resource\":\"x\",\"before\":null,\"after\":{\"n\":\"%s\"}}', org_id, seq + 1, seq + 1, repeat('x', 900)) AS "
        "c) t "
        "WHERE seq < 3000) INSERT INTO fanion.audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, "
        "canonical, prev_hash, hash) SELECT org_id, seq, 'a_x' || seq, now(), 'user', '', 'flag.updated', 'x', "
        "canonical, prev, hash FROM made WHERE prev IS NOT NULL");
    const auto report = verify(export_with().body);
    CHECK(report.faults.empty());
    CHECK(report.entries == 3000);
    const auto checked = get(acme + "/audit/verification?after=0", owner);
    CHECK(checked.at("/ok") == "true");
    CHECK(checked.at("/checked/to") == "3000");
    const auto csv = export_with("?format=csv").body;
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 3001);
}

TEST_CASE_METHOD(AuditExport, "a selection says that it is one") {
    const auto reply = export_with("?project=web&action=flag.created");
    const auto report = verify(reply.body);
    CHECK(report.faults.empty());
    CHECK(report.start == wire::AuditStart::filtered);
    CHECK(report.entries == 1);
    CHECK(report.header.filter == "action=flag.created&project=web");
    CHECK(export_with("?format=xml").errors() == std::vector<std::string>{"?format malformed"});
    CHECK(export_with("?action=x").errors() == std::vector<std::string>{"?action unknown_action"});
    CHECK(get(acme + "/audit/export", "").status == 401);
}

TEST_CASE_METHOD(AuditExport, "as CSV what people wrote is no formula") {
    REQUIRE(patch(web + "/flags/f?comment=%3DSUM(A1)", owner, R"({"name":"+1"})").status == 200);
    const auto reply = export_with("?format=csv&action=flag.updated");
    CHECK(reply.header("Content-Type") == "text/csv; charset=utf-8");
    CHECK(reply.header("Content-Disposition") == "attachment; filename=\"audit-acme.csv\"");
    CHECK(reply.body.starts_with("seq,id,at,"));
    CHECK(reply.body.find(",'=SUM(A1),") != std::string::npos);
    CHECK(reply.body.find("owner@example.com") != std::string::npos);
    CHECK(reply.body.find(",=SUM") == std::string::npos);
}

TEST_CASE_METHOD(AuditExport,
                 "the server's check finds what was changed in the database, and the ruleset that it contradicts") {
    auto checked = get(acme + "/audit/verification", owner);
    INFO(checked.body);
    CHECK(checked.at("/ok") == "true");
    CHECK(checked.at("/start") == "first");
    CHECK(checked.at("/head/seq") == sql("SELECT max(seq) FROM fanion.audit"));
    CHECK(checked.at("/broken_at") == "null");
    CHECK(checked.at("/rulesets/checked") == "3");
    CHECK(checked.at("/next") == "null");
    SECTION("an entry") {
        sql("UPDATE fanion.audit SET canonical = replace(canonical, 'owner', 'other') || ' ' WHERE seq = 2");
        checked = get(acme + "/audit/verification", owner);
        CHECK(checked.at("/ok") == "false");
        CHECK(checked.at("/broken_at") == "2");
        CHECK(verify(export_with().body).faults.at(0).seq == 2);
    }
    SECTION("an entry is gone") {
        sql("DELETE FROM fanion.audit WHERE seq = 2");
        CHECK(get(acme + "/audit/verification", owner).at("/broken_at") == "3");
    }
    SECTION("the beginning is gone") {
        sql("DELETE FROM fanion.audit WHERE seq = 1");
        checked = get(acme + "/audit/verification", owner);
        CHECK(checked.at("/ok") == "false");
        CHECK(checked.at("/start") == "unproven");
        CHECK(verify(export_with().body).faults.at(0).code == "unproven_start");
    }
    SECTION("the whole log is rewritten") {
        sql("UPDATE fanion.audit SET canonical = replace(canonical, 'member.joined', 'member.jumped') WHERE seq = 1");
        sql("DO $$ DECLARE r record; last bytea := decode(repeat('00', 32), 'hex'); BEGIN "
            "FOR r IN SELECT seq, canonical FROM fanion.audit ORDER BY seq LOOP "
            "UPDATE fanion.audit SET prev_hash = last, hash = sha256(last || convert_to(r.canonical, 'UTF8')) "
            "WHERE seq = r.seq; SELECT hash INTO last FROM fanion.audit WHERE seq = r.seq; END LOOP; END $$");
        checked = get(acme + "/audit/verification", owner);
        CHECK(checked.at("/broken_at") == "null");
        CHECK(checked.at("/ok") == "false");
        CHECK(checked.at("/rulesets/contradicted/2/project") == "web");
    }
    CHECK(get(acme + "/audit/verification?after=x", owner).errors() == std::vector<std::string>{"?after malformed"});
}
