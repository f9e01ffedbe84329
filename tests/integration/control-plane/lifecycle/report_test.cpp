// When and by whom flags were evaluated, and which are done with.

#include "tests/integration/control-plane/lifecycle/lives.hpp"

using namespace fanion;
using test::acme;
using test::Lives;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string settings = web + "/lifecycle/settings";

class Report : public Lives {
public:
    std::string found(const std::string& query = "") {
        const auto reply = get(web + "/lifecycle?" + query, owner);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        return each(reply, "/items", "flag");
    }
};

}  // namespace

TEST_CASE_METHOD(Report, "evaluations are noted by variation, relay and SDK, once a minute") {
    create("f");
    evaluate("production", "f", "on", 5, "eu-1", "go/2.1");
    evaluate("production", "f", "on", 2, "eu-1", "go/2.1");
    evaluate("production", "f", "off", 3, "us-1");
    evaluate("production", "f", "", 9, "us-1");  // a late batch
    evaluate("staging", "unknown", "on", 1);
    const auto reply = get(web + "/flags/f/evaluations", owner);
    INFO(reply.body);
    const std::string in = "/environments/production";
    CHECK(reply.at(in + "/evaluated_at") == ago(2));
    CHECK(each(reply, in + "/variations", "variation") == "on off null ");
    CHECK(reply.at(in + "/variations/0/first_at") == ago(5));
    CHECK(reply.at(in + "/variations/0/last_at") == ago(2));
    CHECK(each(reply, in + "/callers", "relay") == "eu-1 us-1 ");
    CHECK(reply.at(in + "/callers/0/sdk") == "go/2.1");
    CHECK(reply.at(in + "/callers/1/last_at") == ago(3));
    CHECK(reply.at("/environments/staging/evaluated_at") == "null");
    CHECK(sql("SELECT count(*) FROM fanion.flag_answers WHERE flag = 'unknown'") == "0");
    const auto before = sql("SELECT string_agg(xmin::text, ',' ORDER BY variation) FROM fanion.flag_answers");
    evaluate("production", "f", "on", 2, "eu-1", "go/2.1");
    CHECK(sql("SELECT string_agg(xmin::text, ',' ORDER BY variation) FROM fanion.flag_answers") == before);
    CHECK(get(web + "/flags/none/evaluations", owner).status == 404);
}

TEST_CASE_METHOD(Report, "the report has each flag that is done with, why, since when, and what to keep") {
    create("constant", R"(,"owner":"ann","name":"C")");
    create("expired", R"(,"lifetime":"release")");
    create("fresh");
    create("unused", R"(,"owner":"bob")");
    create("stays", R"(,"lifetime":"operational")");
    create("archived");
    REQUIRE(patch(web + "/flags/archived", owner, R"({"archived":true})", "*").status == 200);
    age(100);
    for (const auto* flag : {"constant", "stays"}) {
        evaluate("production", flag, "on", 40);
        evaluate("production", flag, "on", 1);
    }
    for (const auto* flag : {"expired", "fresh"}) {
        evaluate("production", flag, "on", 1);
        evaluate("production", flag, "off", 2);
    }
    CHECK(found() == "constant expired unused ");
    const auto reply = get(web + "/lifecycle", owner);
    CHECK(reply.at("/items/0/owner") == "ann");
    CHECK(reply.at("/items/0/name") == "C");
    CHECK(reply.at("/items/0/findings/0/reason") == "constant");
    CHECK(reply.at("/items/0/findings/0/since") == ago(40));
    CHECK(reply.at("/items/0/findings/0/keep") == "on");
    CHECK(reply.at("/items/0/environments/production/evaluated_at") == ago(1));
    CHECK(reply.at("/items/0/environments/production/finding/reason") == "constant");
    CHECK(reply.at("/items/0/environments/staging/finding/reason") == "unused");
    CHECK(reply.at("/items/1/findings/0/reason") == "expired");
    CHECK(reply.at("/items/1/lifetime") == "release");
    CHECK(reply.at("/items/1/environments/production/finding") == "null");
    CHECK(reply.at("/items/2/findings/0/reason") == "unused");
    CHECK(found("reason=unused") == "unused ");
    CHECK(found("owner=ann") == "constant ");
    CHECK(found("owner=") == "expired ");
    CHECK(found("environment=production") == "constant unused ");
    CHECK(found("environment=staging&reason=constant") == "");
    CHECK(get(web + "/lifecycle?reason=old", owner).errors() == Texts{"?reason bad_value"});
    CHECK(get(web + "/lifecycle?environment=nowhere", owner).status == 404);
}

TEST_CASE_METHOD(Report, "the report comes page by page, past flags that have no finding") {
    for (int i = 10; i < 16; ++i) create("f" + std::to_string(i));
    age(100);
    for (const auto* flag : {"f11", "f12", "f14"}) {
        evaluate("staging", flag, "on", 1);
        evaluate("staging", flag, "off", 1);
    }
    const auto first = get(web + "/lifecycle?limit=2", owner);
    CHECK(each(first, "/items", "flag") == "f10 f13 ");
    const auto second = get(web + "/lifecycle?limit=2&cursor=" + first.at("/next"), owner);
    CHECK(each(second, "/items", "flag") == "f15 ");
    CHECK(second.at("/next") == "null");
}

TEST_CASE_METHOD(Report, "settings have defaults, are replaced under If-Match, audited, and change the report") {
    create("f", R"(,"lifetime":"permission")");
    age(10);
    evaluate("staging", "f", "on", 1);
    evaluate("staging", "f", "off", 1);
    CHECK(found() == "");
    const auto present = get(settings, owner);
    CHECK(present.at("/unused_days") == "14");
    CHECK(present.at("/lifetimes/operational") == "null");
    CHECK(present.etag() == "\"0\"");
    const auto changed = put(settings, owner, R"({"lifetimes":{"permission":9}})", "\"0\"");
    INFO(changed.body);
    CHECK(changed.status == 200);
    CHECK(changed.etag() == "\"1\"");
    CHECK(found() == "f ");
    CHECK(put(settings, owner, "{}", "\"0\"").status == 412);
    CHECK(put(settings, owner, changed.body, "\"1\"").etag() == "\"1\"");
    CHECK(put(settings, owner, R"({"unused_days":0})").errors() == Texts{"/unused_days out_of_range"});
    const auto audit = get(acme + "/audit?limit=1&resource=projects/web/lifecycle/settings", owner);
    CHECK(audit.at("/items/0/entry/action") == "project.updated");
    CHECK(audit.at("/items/0/entry/after/lifetimes/permission") == "9");
    CHECK(audit.at("/items/0/entry/before/lifetimes/permission") == "null");
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(get(settings, viewer).status == 200);
    CHECK(put(settings, viewer, "{}").status == 403);
}
