// What streams, polls and documents show canaries and other relays of a held version.

#include <catch2/catch.hpp>

#include "control-plane/publish/stage_store.hpp"
#include "tests/integration/control-plane/relays/streaming.hpp"

using namespace fanion;
using namespace fanion::test;
using cp::publish::StageState;

namespace {

struct Staged : Streaming {
    Staged() {
        put("a", "off");
        sql("UPDATE fanion.environments SET protected = true, staging_label = 'canary' WHERE env_id = 'e_1'");
        run_until([&] { return canary.version("e_1").number == 1 && plain.version("e_1").number == 1; });
    }

    awaitable<void> end(wire::Version version, StageState state) {
        auto tx = co_await pool.begin(cp::db::Scope::tenant("o_1"));
        auto env = co_await cp::projects::lock_environment(tx, cp::access::ProjectId("p_1"), "production");
        cp::publish::StageEnd how;
        how.state = state;
        std::optional<cp::publish::Publication> published;
        if (state == StageState::withdrawn) {
            auto made = co_await publisher.withdraw(tx, *env);
            published = std::move(made.value());
            how.next = published->version();
        }
        co_await cp::publish::end_stage(tx, env->env_id, version, std::move(how));
        co_await tx.commit();
        if (published) published->committed();
    }
    net::Response ruleset(const std::string& labels, const std::string& query = "") {
        return request(net::Method::get, "/relay/v1/rulesets/e_1" + query, key, {{"Fanion-Labels", labels}});
    }
    std::string heads(const std::string& labels, const std::string& have = "") {
        return request(net::Method::get, "/relay/v1/heads", key, {{"Fanion-Labels", labels}, {"Fanion-Have", have}})
            .body;
    }

    const std::string key = make_relay_key("key0000001");
    FakeRelay& canary = connect(key, "", "eu, canary");
    FakeRelay& plain = connect(key, "", "eu");
};

std::string etag(const net::Response& response) {
    for (const auto& [name, value] : response.headers)
        if (name == "ETag") return value;
    return "";
}

}  // namespace

TEST_CASE_METHOD(Staged, "a held version goes to canaries, and to the others when it is released") {
    const auto version = put("a", "on");
    run_until([&] { return canary.version("e_1") == version; });
    CHECK(plain.version("e_1").number == 1);
    const auto text = wire::to_string(version), before = wire::to_string(plain.version("e_1"));
    CHECK(heads("canary").find("id: e_1:" + text) != std::string::npos);
    CHECK(heads("").find("id: e_1:" + before) != std::string::npos);
    CHECK(heads("", "e_1=" + text).find("id: e_1:" + text) != std::string::npos);  // it has that already
    CHECK(etag(ruleset("canary")) == '"' + text + '"');
    CHECK(etag(ruleset("eu")) == '"' + before + '"');
    CHECK(etag(ruleset("eu", "?since=" + text)) == '"' + text + '"');
    CHECK(ruleset("Not a label").status == 400);
    auto& late = connect(key, "e_1=" + before, "eu");
    run_until([&] { return late.heard("e_1") == "head"; });
    run(end(version, StageState::released));
    run_until([&] { return plain.version("e_1") == version; });
    CHECK(plain.heard("e_1") == "put head patch head");
    CHECK(plain.rejections.empty());
    CHECK(canary.rejections.empty());
}

TEST_CASE_METHOD(Staged, "what is withdrawn never goes to the others, who take one step to what comes after") {
    const auto version = put("a", "on");
    run_until([&] { return canary.version("e_1") == version; });
    run(end(version, StageState::withdrawn));
    run_until([&] { return canary.version("e_1").number == 3 && plain.version("e_1").number == 3; });
    CHECK(plain.heard("e_1") == "put head patch head");
    CHECK(plain.held.at("e_1").held->manifest.root == canary.held.at("e_1").held->manifest.root);
    CHECK(plain.rejections.empty());
    CHECK(canary.rejections.empty());
}

TEST_CASE_METHOD(Staged, "what passes beneath reaches both, each on what it has") {
    put("a", "on");
    run_until([&] { return canary.version("e_1").number == 2; });
    const auto body = std::make_shared<const std::string>(
        R"({"id":"k1","kind":"server","sha256":"0000000000000000000000000000000000000000000000000000000000000000"})");
    REQUIRE(change(publisher, {{"access/k1", body}}));
    run_until([&] { return canary.version("e_1").number == 4 && plain.version("e_1").number == 3; });
    for (auto* relay : {&canary, &plain}) {
        CHECK(relay->held.at("e_1").held->items.items().contains("access/k1"));
        CHECK(relay->rejections.empty());
    }
    CHECK(plain.held.at("e_1").held->manifest.root != canary.held.at("e_1").held->manifest.root);
}
