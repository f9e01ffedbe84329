// Past versions of an environment: the list, their content, and what the purge leaves of them.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/item_set.hpp"
#include "control-plane/db/maintenance.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::development;
using test::f_in_development;
using test::web;

namespace {

// Each step a second after the one before.
class History : public ApiFixture {
public:
    History() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        tick();
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    void tick() { clock.advance(1'000); }
    std::string version() { return get(development, owner).at("/ruleset_version"); }
    std::string switch_flag(bool enabled, const std::string& comment = "") {
        tick();
        const auto path = f_in_development + (comment.empty() ? "" : "?comment=" + comment);
        const auto reply = patch(path, owner, enabled ? R"({"enabled":true})" : R"({"enabled":false})");
        REQUIRE(reply.status == 200);
        return version();
    }
    std::string enabled_at(const std::string& at) {
        return get(development + "/ruleset?form=plain&version=" + at, owner).at("/flags/0/enabled");
    }

    std::string owner;
};

// The root of the items in a signed ruleset, and the one that was signed.
std::pair<std::string, std::string> roots_of(const std::string& text) {
    const auto envelope = wire::parse_envelope(text);
    REQUIRE(envelope);
    const auto manifest = wire::parse_manifest(envelope->payload);
    REQUIRE(manifest);
    wire::ItemSet items;
    for (const auto line : split(envelope->items, '\n')) {
        if (line.empty()) continue;
        const auto item = wire::parse_item_line(line);
        REQUIRE(item);
        items.put(item->key, std::make_shared<const std::string>(item->body));
    }
    return {to_hex(items.root()), to_hex(manifest->root)};
}

}  // namespace

TEST_CASE_METHOD(History, "versions are listed newest first, with who made them, why, and what they changed") {
    const auto first = version();
    const auto second = switch_flag(true, "launch");
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    REQUIRE(post(development + "/keys", owner, R"({"kind":"server"})").status == 201);
    const auto list = get(development + "/versions", owner);
    INFO(list.body);
    CHECK(list.status == 200);
    CHECK(list.at("/items/0/version") == version());
    CHECK(list.at("/items/0/action") == "key.created");
    CHECK(list.at("/items/0/keys/0") != "");
    CHECK(list.at("/items/0/keys/1") == "");
    CHECK(list.at("/items/0/changes") == "1");
    CHECK(list.at("/items/1/segments") == R"(["s"])");
    CHECK(list.at("/items/2/version") == second);
    CHECK(list.at("/items/2/comment") == "launch");
    CHECK(list.at("/items/2/action") == "flag.configured");
    CHECK(list.at("/items/2/actor/email") == "owner@example.com");
    CHECK(list.at("/items/2/flags") == R"(["f"])");
    CHECK(list.at("/items/3/version") == first);
    CHECK(list.at("/items/4/action") == "project.created");
    CHECK(list.at("/items/4/changes") == "0");
    CHECK(list.at("/items/5") == "");
    CHECK(list.at("/next") == "null");
    const auto audit = get("/api/v1/orgs/acme/audit?resource=projects/web/flags/f/environments/development", owner);
    CHECK(list.at("/items/2/audit_id") == audit.at("/items/0/entry/id"));

    const auto page = get(development + "/versions?limit=2", owner);
    CHECK(page.at("/items/2") == "");
    const auto rest = get(development + "/versions?limit=2&cursor=" + page.at("/next"), owner);
    CHECK(rest.at("/items/0") == list.at("/items/2"));
    const auto of_flag = get(development + "/versions?flag=f", owner);
    CHECK(of_flag.at("/items/0/version") == second);
    CHECK(of_flag.at("/items/1/version") == first);
    CHECK(of_flag.at("/items/2") == "");
    CHECK(get(development + "/versions?segment=s", owner).at("/items/0") == list.at("/items/1"));
}

TEST_CASE_METHOD(History, "any version is returned as it was signed, and in plain form") {
    const auto off = version();
    const auto on = switch_flag(true);
    switch_flag(false);
    for (const auto& past : {off, on}) {
        const auto reply = get(development + "/ruleset?version=" + past, owner);
        REQUIRE(reply.status == 200);
        CHECK(reply.etag() == '"' + past + '"');
        CHECK(reply.header("Fanion-Ruleset-Version") == "development=" + past);
        const auto [computed, from_manifest] = roots_of(reply.body);
        CHECK(computed == from_manifest);
    }
    CHECK(enabled_at(off) == "false");
    CHECK(enabled_at(on) == "true");
    CHECK(enabled_at(on.substr(on.find('.') + 1)) == "true");  // the number alone
    CHECK(get(development + "/ruleset?version=1.1", owner).errors() ==
          std::vector<std::string>{"?version unknown_version"});
    CHECK(get(development + "/ruleset?version=new", owner).errors() == std::vector<std::string>{"?version bad_value"});
}

TEST_CASE_METHOD(History, "an item that was removed is part of the versions before") {
    const auto with_flag = version();
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    CHECK(get(development + "/ruleset?form=plain", owner).at("/flags") == "[]");
    CHECK(enabled_at(with_flag) == "false");
    const auto reply = get(development + "/ruleset?version=" + with_flag, owner);
    const auto [computed, from_manifest] = roots_of(reply.body);
    CHECK(computed == from_manifest);
}

TEST_CASE_METHOD(History, "the plain form of some flags has what they need, and never a key") {
    REQUIRE(post(development + "/keys", owner, R"({"kind":"server"})").status == 201);
    REQUIRE(post(web + "/segments", owner, R"({"key":"inner"})").status == 201);
    REQUIRE(post(web + "/segments", owner,
                 R"({"key":"outer","environments":{"development":{"rules":[{"when":"segment 'inner'"}]}}})")
                .status == 201);
    REQUIRE(post(web + "/segments", owner, R"({"key":"other"})").status == 201);
    REQUIRE(post(web + "/flags", owner,
                 R"({"key":"g","type":"boolean","environments":{"development":{"enabled":true,
                     "prerequisites":[{"flag":"f","variations":["on"]}],
                     "rules":[{"when":"segment 'outer'","serve":{"variation":"on"}}],
                     "fallthrough":{"variation":"off"}}}})")
                .status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"h","type":"boolean"})").status == 201);
    const auto plain = get(development + "/ruleset?form=plain&flags=g", owner);
    INFO(plain.body);
    CHECK(plain.header("Content-Type") == "application/json");
    CHECK(plain.at("/flags/0/key") == "f");
    CHECK(plain.at("/flags/1/key") == "g");
    CHECK(plain.at("/flags/2") == "");
    CHECK(plain.at("/segments/0/key") == "inner");
    CHECK(plain.at("/segments/1/key") == "outer");
    CHECK(plain.at("/segments/2") == "");
    const auto whole = get(development + "/ruleset?form=plain", owner);
    CHECK(whole.at("/flags/2/key") == "h");
    CHECK(whole.at("/segments/2/key") == "outer");
    CHECK(whole.body.find("sha256") == std::string::npos);
    CHECK(get(development + "/ruleset?form=plain&flags=g,nothing", owner).errors() ==
          std::vector<std::string>{"?flags unknown_flag"});
    CHECK(get(development + "/ruleset?flags=g", owner).errors() == std::vector<std::string>{"?flags conflict"});
    CHECK(get(development + "/ruleset?form=short", owner).errors() == std::vector<std::string>{"?form bad_value"});
}

TEST_CASE_METHOD(History, "the purge keeps the newest versions whole, also what has not changed since long ago") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"unchanged","type":"boolean"})").status == 201);
    REQUIRE(post(web + "/flags", owner, R"({"key":"gone","type":"boolean"})").status == 201);
    REQUIRE(del(web + "/flags/gone", owner, "*").status == 204);
    std::vector<std::string> versions;
    for (int i = 0; i < 6; ++i) versions.push_back(switch_flag(i % 2 == 0));
    REQUIRE(post(web + "/flags", owner, R"({"key":"late","type":"boolean"})").status == 201);
    REQUIRE(patch(web + "/flags/unchanged/environments/development", owner, R"({"enabled":true})").status == 200);

    run(cp::db::purge_versions(pool, 0, 6));
    const auto list = get(development + "/versions", owner);
    CHECK(list.at("/items/5/version") == versions[2]);
    CHECK(list.at("/items/6") == "");
    CHECK(get(development + "/ruleset?version=" + versions[1], owner).status == 404);
    for (std::size_t i = 2; i < versions.size(); ++i) {
        const auto reply = get(development + "/ruleset?version=" + versions[i], owner);
        REQUIRE(reply.status == 200);
        const auto [computed, from_manifest] = roots_of(reply.body);
        CHECK(computed == from_manifest);
        CHECK(get(development + "/ruleset?form=plain&flags=unchanged&version=" + versions[i], owner)
                  .at("/flags/0/enabled") == "false");
    }
    CHECK(sql("SELECT count(*) FROM fanion.item_changes JOIN fanion.environments USING (env_id) "
              "WHERE item_key = 'flag/gone' AND key = 'development'") == "0");
    // Repeated, it has nothing left to do; and the other purge leaves versions alone, of older epochs too.
    sql("UPDATE fanion.environments SET epoch = epoch + 5 WHERE key = 'development'");
    sql("SELECT fanion.purge_expired()");
    CHECK(sql("SELECT fanion.purge_versions(6, 0)") == "0");
    CHECK(sql("SELECT count(*) FROM fanion.manifests JOIN fanion.environments USING (env_id) "
              "WHERE key = 'development'") == "6");
}

TEST_CASE_METHOD(History, "versions replaced long ago are deleted as configured, but never those that deltas need") {
    for (int i = 0; i < 4; ++i) switch_flag(i % 2 == 0);
    sql("UPDATE fanion.manifests SET issued_at = now() - interval '40 days'");
    run(cp::db::purge_versions(pool, 30));
    CHECK(get(development + "/versions", owner).at("/items/5") != "");
    // A thousand newer versions, which exist only as far as the purge looks.
    sql("INSERT INTO fanion.manifests (env_id, org_id, epoch, version, root, items, bytes, full_line0, full_manifest, "
        "issued_at) SELECT e.env_id, e.org_id, e.epoch, e.version + n, m.root, 0, 0, '', '', now() "
        "FROM fanion.environments e JOIN fanion.manifests m USING (env_id, epoch, version), generate_series(1, 1003) n "
        "WHERE e.key = 'development'");
    run(cp::db::purge_versions(pool, 30));
    CHECK(sql("SELECT count(*) FROM fanion.manifests JOIN fanion.environments e USING (env_id) "
              "WHERE e.key = 'development' AND issued_at < now() - interval '30 days'") ==
          "1");  // in force 30 days ago
    CHECK(sql("SELECT count(*) FROM fanion.manifests JOIN fanion.environments e USING (env_id) "
              "WHERE e.key = 'staging'") != "0");
}

TEST_CASE_METHOD(History, "an evaluation uses the ruleset of a version, or of a moment, and says why") {
    const auto evaluate = [&](const std::string& more) {
        return post(development + "/evaluate", owner, R"({"flag":"f","context":{"targetingKey":"alice"})" + more + "}");
    };
    const auto off = version();
    const auto off_at = format_rfc3339(clock.now());
    tick();
    const auto between = format_rfc3339(clock.now());
    const auto on = switch_flag(true);
    const auto on_at = format_rfc3339(clock.now());
    tick();
    const auto target = R"({"targets":[{"attribute":"targetingKey","values":["alice"],"variation":"off"}]})";
    REQUIRE(patch(f_in_development, owner, target).status == 200);

    const auto now = evaluate("");
    CHECK(now.at("/reason") == "TARGETING_MATCH");
    CHECK(now.at("/value") == "false");
    const auto then = evaluate(R"(,"version":")" + on + '"');
    CHECK(then.at("/reason") == "STATIC");
    CHECK(then.at("/value") == "true");
    CHECK(then.at("/steps/0") != "");
    CHECK(then.header("Fanion-Ruleset-Version") == "development=" + on);
    CHECK(evaluate(R"(,"version":")" + off + '"').at("/reason") == "DISABLED");
    CHECK(evaluate(R"(,"at":")" + on_at + '"').at("/value") == "true");
    for (const auto& at : {off_at, between}) {
        const auto reply = evaluate(R"(,"at":")" + at + '"');
        CHECK(reply.at("/reason") == "DISABLED");
        CHECK(reply.header("Fanion-Ruleset-Version") == "development=" + off);
    }
    CHECK(evaluate(R"(,"at":"2001-01-01T00:00:00Z")").errors() == std::vector<std::string>{"/at unknown_version"});
    CHECK(evaluate(R"(,"at":"2001-01-01T00:00:00Z")").status == 404);
    CHECK(evaluate(R"(,"at":"yesterday")").errors() == std::vector<std::string>{"/at bad_time"});
    CHECK(evaluate(R"(,"version":"1.1")").errors() == std::vector<std::string>{"/version unknown_version"});
    CHECK(evaluate(R"(,"version":7)").errors() == std::vector<std::string>{"/version wrong_type"});
    CHECK(evaluate(R"(,"version":"7","at":")" + on_at + '"').errors() == std::vector<std::string>{"/version conflict"});
    CHECK(evaluate(R"(,"draft":{},"at":")" + on_at + '"').errors() == std::vector<std::string>{"/at conflict"});
}

TEST_CASE_METHOD(History, "the moment of an evaluation is the time for its conditions, unless another is given") {
    const auto at = format_rfc3339(clock.now());
    const auto later = format_rfc3339(clock.now() + 5'000);
    REQUIRE(post(web + "/flags", owner,
                 R"({"key":"t","type":"boolean","environments":{"development":{"enabled":true,
                     "rules":[{"when":{"attribute":"$now","op":"after","values":[")" +
                     later + R"("]},"serve":{"variation":"off"}}],"fallthrough":{"variation":"on"}}}})")
                .status == 201);
    clock.advance(10'000);
    const auto evaluate = [&](const std::string& more) {
        return post(development + "/evaluate", owner, R"({"flag":"t","context":{})" + more + "}").at("/value");
    };
    CHECK(evaluate("") == "false");
    CHECK(evaluate(R"(,"at":")" + at + '"') == "true");
    CHECK(evaluate(R"(,"at":")" + at + R"(","now":")" + format_rfc3339(clock.now()) + '"') == "false");
}
