// Held versions as the publisher makes them and as feeds and documents show them.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "control-plane/publish/renewal.hpp"
#include "control-plane/publish/stage_store.hpp"
#include "tests/integration/control-plane/publish/installation.hpp"

using namespace fanion;
using namespace fanion::cp::publish;
using namespace fanion::test;
using cp::access::EnvironmentId;

namespace {

const std::vector<std::string> plain{"eu"}, canary{"eu", "canary"};

struct Staged : Installation {
    Staged() {
        put("a", "off");
        sql("UPDATE fanion.environments SET protected = true, staging_label = 'canary' WHERE env_id = 'e_1'");
        run(feed.scan());
    }

    std::uint64_t shown(const std::vector<std::string>& labels) {
        const auto found = catalog.find_for(e_1, {labels, std::nullopt});
        return found ? found->version().number : 0;
    }
    std::string stage_of(std::uint64_t version) {
        return sql("SELECT state FROM fanion.staged_versions WHERE env_id = 'e_1' AND version = " +
                   std::to_string(version));
    }
    std::string bytes_for(const std::vector<std::string>& labels) {
        auto environment = catalog.find_for(e_1, {labels, std::nullopt});
        const auto document = run(source.full(std::move(environment)));
        return document ? *document.bytes : std::string();
    }
    wire::Version skip(const std::string& key, const std::string& serve) {
        auto published = run(publish_skipping(key, serve));
        REQUIRE(published);
        return published->version();
    }
    awaitable<Result<Publication>> publish_skipping(std::string key, std::string serve) {
        auto tx = co_await pool.begin(cp::db::Scope::tenant("o_1"));
        auto env = co_await cp::projects::lock_environment(tx, cp::access::ProjectId("p_1"), "production");
        env->skips_stages = true;
        std::vector<wire::ItemChange> changes{flag(key, serve)};
        auto published = co_await publisher.publish(tx, *env, std::move(changes));
        co_await tx.commit();
        published->committed();
        co_return published;
    }
    awaitable<bool> end(wire::Version version, StageState state) {
        auto tx = co_await pool.begin(cp::db::Scope::tenant("o_1"));
        auto env = co_await cp::projects::lock_environment(tx, cp::access::ProjectId("p_1"), "production");
        StageEnd how;
        how.state = state;
        if (state == StageState::withdrawn) {
            auto published = co_await publisher.withdraw(tx, *env);
            how.next = published.value().version();
        }
        const bool done = co_await end_stage(tx, env->env_id, version, std::move(how));
        co_await tx.commit();
        co_return done;
    }

    const EnvironmentId e_1{"e_1"};
};

bool serves(const std::string& bytes, const std::string& variation) {
    return bytes.find(R"("fallthrough":{"variation":")" + variation + '"') != std::string::npos;
}

}  // namespace

TEST_CASE_METHOD(Staged, "a held version is shown to canaries, and to all when it is released") {
    const auto version = put("a", "on");
    CHECK(stage_of(2) == "held");
    CHECK(sql("SELECT released_version FROM fanion.environments WHERE env_id = 'e_1'") == "1");
    seen.versions.clear();
    run(feed.scan());
    CHECK(shown(canary) == 2);
    CHECK(shown(plain) == 1);
    CHECK(serves(bytes_for(canary), "on"));
    CHECK(serves(bytes_for(plain), "off"));
    Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(bytes_for(plain)).empty());
    CHECK(receiver.version().number == 1);
    // Another replica that starts now shows the same.
    Catalog other_catalog;
    Recorder other_seen;
    ChangeFeed other{{pool, other_catalog, images, publish_metrics, log}, other_seen};
    run(other.scan());
    CHECK(other_catalog.find_for(e_1, {plain, std::nullopt})->version().number == 1);
    CHECK(other_catalog.find_for(e_1, {canary, std::nullopt})->version() == version);

    CHECK(run(end(version, StageState::released)));
    CHECK_FALSE(run(end(version, StageState::released)));  // once
    run(feed.scan());
    CHECK(shown(plain) == 2);
    REQUIRE(seen.released.size() == 1);
    CHECK(seen.released[0].version == version);
    const auto delta = run(source.delta(catalog.find(e_1), receiver.version()));
    CHECK(receiver.take(*delta.bytes).empty());
    CHECK(receiver.version() == version);
    run(other.scan());
    CHECK(other_catalog.find_for(e_1, {plain, std::nullopt})->version() == version);
}

TEST_CASE_METHOD(Staged, "what is withdrawn is shown to nobody again, by a replica that was late either") {
    Catalog late_catalog;
    Recorder late_seen;
    ChangeFeed late{{pool, late_catalog, images, publish_metrics, log}, late_seen};
    run(late.scan());
    const auto root = sql("SELECT encode(root, 'hex') FROM fanion.environments WHERE env_id = 'e_1'");
    const auto version = put("a", "on");
    run(feed.scan());
    CHECK(run(end(version, StageState::withdrawn)));
    CHECK(sql("SELECT version || ' ' || encode(root, 'hex') FROM fanion.environments WHERE env_id = 'e_1'") ==
          "3 " + root);
    CHECK(sql("SELECT released_version IS NULL FROM fanion.environments WHERE env_id = 'e_1'") == "t");
    run(feed.scan());
    CHECK(shown(plain) == 3);
    CHECK(shown(canary) == 3);
    CHECK(serves(bytes_for(plain), "off"));
    late_seen.versions.clear();
    run(late.scan());
    REQUIRE(late_seen.versions.size() == 1);
    CHECK(late_seen.versions[0].version.number == 3);
    CHECK_FALSE(late_seen.versions[0].step);  // it would lead over what was withdrawn
}

TEST_CASE_METHOD(Staged, "a document is of the version that was asked for, although a newer one is stored") {
    images.erase(e_1);
    put("a", "on");  // the feed has not read it
    images.erase(e_1);
    CHECK(serves(bytes_for(plain), "off"));
    CHECK(serves(bytes_for(canary), "off"));
}

TEST_CASE_METHOD(Staged, "a change while one is held replaces it, on the same base and with its settings") {
    put("a", "on");
    sql("UPDATE fanion.environments SET staging_label = NULL WHERE env_id = 'e_1'");
    put("b", "on");
    CHECK(stage_of(2) == "replaced");
    CHECK(stage_of(3) == "held");
    CHECK(sql("SELECT label || base_version FROM fanion.staged_versions WHERE version = 3") == "canary1");
    run(feed.scan());
    CHECK(shown(canary) == 3);
    CHECK(shown(plain) == 1);
    CHECK(run(end({first_epoch, 3}, StageState::released)));
    put("a", "off");  // nothing is held and the setting is off
    CHECK(stage_of(4).empty());
}

TEST_CASE_METHOD(Staged, "keys pass beneath what is held") {
    put("a", "on");
    run(feed.scan());
    const auto body = std::make_shared<const std::string>(
        R"({"id":"k1","kind":"server","sha256":"0000000000000000000000000000000000000000000000000000000000000000"})");
    auto published = change(publisher, {{"access/k1", body}});
    INFO((published ? "" : describe(published.error())));
    REQUIRE(published);
    CHECK(published->version().number == 4);
    CHECK(stage_of(2) == "replaced");
    CHECK(stage_of(3) == "beneath");
    CHECK(stage_of(4) == "held");
    run(feed.scan());
    CHECK(shown(plain) == 3);
    CHECK(shown(canary) == 4);
    CHECK(serves(bytes_for(plain), "off"));
    CHECK(bytes_for(plain).find("access/k1") != std::string::npos);
    CHECK(serves(bytes_for(canary), "on"));
    CHECK(bytes_for(canary).find("access/k1") != std::string::npos);
    // The same once more changes nothing.
    CHECK_FALSE(change(publisher, {{"access/k1", body}})->changed());
}

TEST_CASE_METHOD(Staged, "a change that skips the stages leaves what is held of other flags") {
    put("b", "on");
    skip("a", "on");
    run(feed.scan());
    CHECK(shown(plain) == 3);
    CHECK(shown(canary) == 4);
    CHECK(serves(bytes_for(plain), "on"));
    CHECK(bytes_for(plain).find("flag/b") == std::string::npos);
    CHECK(bytes_for(canary).find("flag/b") != std::string::npos);
    // And ends the hold where nothing else is held.
    skip("b", "off");
    run(feed.scan());
    CHECK(shown(plain) == shown(canary));
    CHECK(sql("SELECT count(*) FROM fanion.staged_versions WHERE state = 'held'") == "0");
}

TEST_CASE_METHOD(Staged, "a renewal signs both, what is held and what is released") {
    put("a", "on");
    run(feed.scan());
    const auto old_root = catalog.find_released(e_1)->manifest.root;
    const auto held_root = catalog.find(e_1)->manifest.root;
    Publisher next(images, signer, blocking, clock, publish_metrics, first_epoch + 1);
    CHECK(run(renew_published(pool, next, log)) == 1);
    CHECK(run(renew_published(pool, next, log)) == 0);
    run(feed.scan());
    CHECK(catalog.find_released(e_1)->version() == wire::Version{first_epoch + 1, 3});
    CHECK(catalog.find_released(e_1)->manifest.root == old_root);
    CHECK(catalog.find(e_1)->version() == wire::Version{first_epoch + 1, 4});
    CHECK(catalog.find(e_1)->manifest.root == held_root);
}

TEST_CASE_METHOD(Staged, "an environment that is not protected has no stages") {
    sql("UPDATE fanion.environments SET protected = false WHERE env_id = 'e_1'");
    put("a", "on");
    CHECK(stage_of(2).empty());
    run(feed.scan());
    CHECK(shown(plain) == 2);
}
