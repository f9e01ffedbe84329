#include <catch2/catch.hpp>

#include "tests/integration/control-plane/publish/switched_key.hpp"
#include "tests/integration/control-plane/relays/streaming.hpp"

using namespace fanion;
using namespace fanion::cp::relays;
using namespace fanion::test;
using test::flag;

TEST_CASE_METHOD(Streaming, "a relay without a ruleset gets the full ruleset and a head, then each change as a delta") {
    put("a", "on");
    const auto key = make_relay_key("key0000001");
    auto& relay = connect(key);
    run_until([&] { return relay.heard("e_1") == "put head"; });
    put("a", "off");
    put("b", "on");
    run_until([&] { return relay.version("e_1").number == 3; });
    CHECK(relay.heard("e_1") == "put head patch patch");
    CHECK(relay.rejections.empty());
    CHECK_FALSE(relay.held.at("e_1").held->full_head.empty());
}

TEST_CASE_METHOD(Streaming, "a relay with an older version gets one delta, a relay with the newest version a head") {
    put("a", "on", 5000);
    put("b", "on", 5000);
    const auto second = put("c", "on");
    const auto key = make_relay_key("key0000001");
    auto& first = connect(key);
    run_until([&] { return first.version("e_1") == second; });
    put("c", "off");
    const auto newest = put("d", "on");
    run_until([&] { return first.version("e_1") == newest; });

    auto& old = connect(key, "e_1=" + wire::to_string(second));
    auto& current = connect(key, "e_1=" + wire::to_string(newest));
    run_until([&] { return old.heard("e_1") == "patch head" && current.heard("e_1") == "head"; });
    CHECK(old.rejections ==
          std::vector<std::string>{"gap"});  // the test relay holds nothing, and the delta is for version 3
}

TEST_CASE_METHOD(Streaming, "a new environment appears without reconnecting") {
    put("a", "on");
    auto& relay = connect(make_relay_key("key0000001"));
    run_until([&] { return relay.version("e_1").number == 1; });
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {flag("a", "on")}, true)));
    run_until([&] { return relay.version("e_2").number == 1; });
    CHECK(relay.rejections.empty());
}

TEST_CASE_METHOD(
    Streaming,
    "a key of an environment gets that environment only, a key of an organisation its own environments only") {
    put("a", "on");
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {}, true)));
    REQUIRE(run(publish(publisher, "o_2", "p_2", "production", {}, true)));
    run_until([&] { return catalog.environments().size() == 3; });
    auto& narrow = connect(make_relay_key("key0000001", "e_2"));
    auto& wide = connect(make_relay_key("key0000002"));
    run_until([&] {
        return narrow.heard("e_2") == "put head" && wide.heard("e_1") == "put head" && wide.heard("e_2") == "put head";
    });
    CHECK(narrow.held.size() == 1);
    CHECK(wide.held.size() == 2);
}

TEST_CASE_METHOD(Streaming, "the stream of a revoked key ends, and the key is then refused") {
    put("a", "on");
    const auto key = make_relay_key("key0000001");
    auto& relay = connect(key);
    run_until([&] { return relay.heard("e_1") == "put head"; });
    sql("UPDATE fanion.api_keys SET revoked_at = now()");
    run_until([&] { return ended == 1; });
    CHECK(metrics.ended(EndReason::revoked).value() == 1);
    connect(key);
    run_until([&] { return ended == 2; });
    CHECK(last_refusal == 401);
}

TEST_CASE_METHOD(Streaming, "a stream ends with its key although the database does not answer for it") {
    put("a", "on");
    const auto brief = make_relay_key("key0000001");
    sql("UPDATE fanion.api_keys SET not_after = to_timestamp(" + std::to_string(clock.now() / 1000 + 60) + ")");
    auto& relay = connect(brief);
    auto& other = connect(make_relay_key("key0000002"));
    run_until([&] { return relay.heard("e_1") == "put head" && other.heard("e_1") == "put head"; });
    sql("REVOKE EXECUTE ON FUNCTION fanion.find_api_key(bytea) FROM fanion_app");
    clock.advance(60'000);
    run_until([&] { return ended == 1; });
    CHECK(metrics.ended(EndReason::revoked).value() == 1);
    // Errors do not end the checks of keys.
    sql("GRANT EXECUTE ON FUNCTION fanion.find_api_key(bytea) TO fanion_app; UPDATE fanion.api_keys SET revoked_at = "
        "now()");
    run_until([&] { return ended == 2; });
    CHECK(metrics.ended(EndReason::revoked).value() == 2);
}

TEST_CASE_METHOD(Streaming, "an environment that is deleted, or no longer granted, is revoked") {
    put("a", "on");
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {}, true)));
    auto& relay = connect(make_relay_key("key0000001"));
    run_until([&] { return relay.heard("e_1") == "put head" && relay.heard("e_2") == "put head"; });
    sql("DELETE FROM fanion.environments WHERE env_id = 'e_2'");
    run_until([&] { return relay.heard("e_2") == "put head revoked"; });
    auto& narrow = connect(make_relay_key("key0000002", "e_1"));
    run_until([&] { return narrow.heard("e_1") == "put head"; });
    CHECK(narrow.rejections.empty());
    CHECK(relay.rejections.empty());
}

TEST_CASE_METHOD(Streaming, "a relay that holds an environment no longer granted by its key gets a revocation") {
    const auto version = put("a", "on");
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {}, true)));
    run_until([&] { return catalog.environments().size() == 2; });
    auto& relay =
        connect(make_relay_key("key0000001", "e_2"), "e_1=" + wire::to_string(version) + ", e_3=1.1, e_9=1.1");
    run_until([&] { return relay.heard("e_2") == "put head"; });
    CHECK(relay.heard("e_1") == "revoked");
    CHECK(relay.heard("e_3").empty());
    CHECK(relay.heard("e_9").empty());
}

TEST_CASE_METHOD(
    Streaming,
    "a relay that was disconnected while an environment was deleted gets the revocation when it reconnects") {
    const auto version = put("a", "on");
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {}, true)));
    REQUIRE(run(publish(publisher, "o_2", "p_2", "production", {}, true)));
    run_until([&] { return catalog.environments().size() == 3; });
    sql("DELETE FROM fanion.environments WHERE env_id IN ('e_1', 'e_3')");
    run_until([&] { return catalog.environments().size() == 1; });
    const auto have = "e_1=" + wire::to_string(version) + ", e_3=" + wire::to_string(version) + ", e_9=1.1";
    auto& relay = connect(make_relay_key("key0000001"), have);
    run_until([&] { return relay.heard("e_2") == "put head"; });
    CHECK(relay.heard("e_1") == "revoked");
    CHECK(relay.heard("e_3").empty());  // belongs to another organisation
    CHECK(relay.heard("e_9").empty());
    CHECK(relay.rejections.empty());

    sql("DELETE FROM fanion.projects WHERE project_id = 'p_1'");
    CHECK(sql("SELECT string_agg(env_id, ' ' ORDER BY env_id) FROM fanion.deleted_environments") == "e_1 e_2 e_3");
}

TEST_CASE_METHOD(Streaming, "an environment that is deleted is revoked, and comes back when it is restored") {
    const auto version = put("a", "on");
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {}, true)));
    auto& relay = connect(make_relay_key("key0000001"));
    run_until([&] { return relay.heard("e_1") == "put head" && relay.heard("e_2") == "put head"; });
    sql("UPDATE fanion.environments SET deleted_at = now() WHERE env_id = 'e_1'");
    run_until([&] { return relay.heard("e_1") == "put head revoked"; });

    // A relay that was away is told, also by a key of that environment, which grants nothing.
    const auto own_key = make_relay_key("key0000002", "e_1");
    auto& late = connect(own_key, "e_1=" + wire::to_string(version));
    run_until([&] { return late.heard("e_1") == "revoked"; });
    CHECK(request(net::Method::get, "/relay/v1/rulesets/e_1", own_key).status == 404);
    CHECK(ended == 0);

    sql("UPDATE fanion.environments SET deleted_at = NULL WHERE env_id = 'e_1'");
    run_until(
        [&] { return relay.heard("e_1") == "put head revoked put head" && late.heard("e_1") == "revoked put head"; });
    CHECK(relay.version("e_1") == version);
    CHECK(relay.heard("e_2") == "put head");
    const auto next = put("a", "off");
    run_until([&] { return relay.version("e_1") == next && late.version("e_1") == next; });
    CHECK(relay.rejections.empty());
    CHECK(late.rejections.empty());
}

TEST_CASE_METHOD(Streaming, "relays of a deleted organisation lose what they have, and nothing else") {
    put("a", "on");
    REQUIRE(run(publish(publisher, "o_2", "p_2", "production", {}, true)));
    const auto key = make_relay_key("key0000001");
    auto& relay = connect(key);
    run_until([&] { return relay.heard("e_1") == "put head" && catalog.environments().size() == 2; });
    sql("UPDATE fanion.orgs SET deleted_at = now() WHERE org_id = 'o_1'; "
        "UPDATE fanion.projects SET deleted_at = now() WHERE org_id = 'o_1'; "
        "UPDATE fanion.environments SET deleted_at = now() WHERE org_id = 'o_1'");
    run_until([&] { return relay.heard("e_1") == "put head revoked"; });
    run_until([&] { return catalog.environments().size() == 1; });
    const auto heads = request(net::Method::get, "/relay/v1/heads", key, {{"Fanion-Have", "e_1=1.1"}});
    CHECK(heads.status == 200);
    CHECK(heads.body.find("event: revoked") != std::string::npos);
    CHECK(heads.body.find("event: head") == std::string::npos);
}

TEST_CASE_METHOD(Streaming, "a slow reader gets one newer full ruleset instead of the queued changes") {
    put("a", "on");
    const auto key = make_relay_key("key0000001");
    auto& slow = connect(key);
    auto& quick = connect(key);
    run_until([&] { return slow.heard("e_1") == "put head" && quick.heard("e_1") == "put head"; });
    slow.stalled = true;
    wire::Version newest;
    for (int i = 0; i < 12; ++i) {
        newest = put("a", i % 2 == 0 ? "off" : "on", 2000);
        // One at a time: changes that come together may pass the bound of the quick one's queue too.
        run_until([&] { return quick.version("e_1") == newest; });
    }
    CHECK(metrics.overflows.value() > 0);
    slow.release();
    run_until([&] { return slow.version("e_1") == newest; });
    CHECK(slow.rejections.empty());
    CHECK(slow.events.size() < 9);
    CHECK(quick.heard("e_1").find("patch put") == std::string::npos);
}

TEST_CASE_METHOD(Streaming, "a stream without a valid key, or with an invalid header, is refused") {
    connect("");
    run_until([&] { return ended == 1; });
    CHECK(last_refusal == 401);
    connect(make_api_key("rly").text);
    run_until([&] { return ended == 2; });
    CHECK(last_refusal == 401);
    connect(make_api_key("srv").text);
    run_until([&] { return ended == 3; });
    CHECK(last_refusal == 403);
    connect(make_relay_key("key0000001"), "nonsense");
    run_until([&] { return ended == 4; });
    CHECK(last_refusal == 400);
}

TEST_CASE_METHOD(Streaming, "a stream survives an outage of the database and misses nothing") {
    put("a", "on");
    auto& relay = connect(make_relay_key("key0000001"));
    run_until([&] { return relay.heard("e_1") == "put head"; });
    sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
    wire::Version version;
    run_until([&] {
        try {
            version = put("a", "off");
            return true;
        } catch (const cp::db::PgError&) {
            return false;
        }
    });
    run_until([&] { return relay.version("e_1") == version; });
    CHECK(relay.rejections.empty());
    CHECK(ended == 0);
}

TEST_CASE_METHOD(Streaming, "heads of a signer in another process are signed ahead, and are missing while it is away") {
    put("a", "on");
    const cp::access::EnvironmentId env_id("e_1");
    run_until([&] { return catalog.find(env_id) != nullptr; });
    const auto other = std::make_shared<SwitchedKey>(fixed_key('s'));
    const auto external = cp::publish::Signer::make(other, signer.trust().after(0), then).value();
    StreamHub apart{context.get_executor(),
                    {catalog, external, blocking, keys, clock, metrics, publish_metrics, log},
                    hub_config()};
    cp::keys::RelayIdentity identity;
    identity.org_id = cp::access::OrgId("o_1");
    identity.env_ids = {env_id};
    const auto head = [&] { return apart.heads({identity, {}, {}, {}}); };
    const std::set<cp::access::EnvironmentId> wanted{env_id};
    CHECK(head().empty());
    run(apart.prepare_heads(wanted));
    CHECK(head().starts_with("event: head\n"));
    other->is_away = true;
    CHECK_FALSE(head().empty());  // it is fresh
    clock.advance(std::chrono::milliseconds(std::chrono::hours(1)).count());
    run(apart.prepare_heads(wanted));
    CHECK(head().empty());
    CHECK(publish_metrics.signing_failed.value() == 1);
    other->is_away = false;
    run(apart.prepare_heads(wanted));
    CHECK_FALSE(head().empty());
}
