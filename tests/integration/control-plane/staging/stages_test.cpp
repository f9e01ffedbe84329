// Stages by the admin API and by what decides about them, with the reports of relays as rows.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <memory>

#include "common/net/task_group.hpp"
#include "common/wire/trust.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "control-plane/publish/publisher.hpp"
#include "control-plane/staging/runner.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using test::ApiFixture;
using test::Reply;
using Errors = std::vector<std::string>;

namespace {

cp::publish::Signer signer_of(const std::string& iss, UnixMillis now) {
    const auto root = Ed25519PrivateKey::generate();
    const auto key = Ed25519PrivateKey::generate();
    const auto trust = wire::make_trust(iss, root, key.public_key(), now);
    return cp::publish::Signer::make(key.to_pem(), trust, now).value();
}

// What decides in one replica.
struct Replica {
    explicit Replica(ApiFixture& api)
        : instance(api.run(cp::publish::open_instance(api.pool, api.clock.now()))),
          signer(signer_of(instance.iss, api.clock.now())),
          publisher(images, signer, blocking, api.clock, publish_metrics, instance.epoch),
          runner({api.pool, publisher, blocking, api.clock, metrics, api.log}) {}
    ~Replica() { blocking.join(); }

    telemetry::Registry registry;
    cp::staging::Metrics metrics{registry};
    cp::publish::Metrics publish_metrics{registry};
    net::BlockingPool blocking{1};
    cp::publish::Instance instance;
    cp::publish::ImageCache images;
    cp::publish::Signer signer;
    cp::publish::Publisher publisher;
    cp::staging::Runner runner;
};

struct Stages : ApiFixture {
    Stages() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(home + "/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        set_stages(R"({"label":"canary","soak_seconds":60,"hold_seconds":600})");
    }

    Reply change_environment(const std::string& body) { return patch(env, owner, body, get(env, owner).etag()); }
    void set_stages(const std::string& staging) {
        const auto reply = change_environment(R"({"staging":)" + staging + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    // The version that it made.
    std::string turn(bool on, const std::string& query = "") {
        const auto reply = patch(flag + query, owner, std::string(R"({"enabled":)") + (on ? "true}" : "false}"), "*");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        const auto header = reply.header("Fanion-Ruleset-Version");
        return header.substr(header.find('=') + 1);
    }
    void report(const std::string& relay, const std::string& labels, const std::string& version,
                const std::string& state = "applied", int seconds_ago = 0) {
        const auto dot = version.find('.');
        sql("INSERT INTO fanion.relay_status (org_id, relay_id, env_id, boot_id, epoch, version, state, code, labels, "
            "state_at) SELECT org_id, '" +
            relay + "', env_id, 'b', " + version.substr(0, dot) + ", " + version.substr(dot + 1) + ", '" + state +
            "', 'invalid', '" + labels + "', now() - interval '" + std::to_string(seconds_ago) +
            " s' FROM fanion.environments WHERE key = 'production' ON CONFLICT (org_id, relay_id, env_id) DO UPDATE "
            "SET epoch = excluded.epoch, version = excluded.version, state = excluded.state, state_at = "
            "excluded.state_at, reported_at = now()");
    }
    // The stage began so long ago.
    void begun(int seconds) {
        sql("UPDATE fanion.staged_versions SET begun_at = now() - interval '" + std::to_string(seconds) +
            " s', held_since = now() - interval '" + std::to_string(seconds) + " s' WHERE state = 'held'");
    }
    std::size_t look() { return run(replica.runner.run_once()); }
    // What both replicas do at the same time.
    std::size_t look_at_once() {
        auto a = boost::asio::co_spawn(context, replica.runner.run_once(), boost::asio::use_future);
        auto b = boost::asio::co_spawn(context, other.runner.run_once(), boost::asio::use_future);
        context.restart();
        context.run();
        return a.get() + b.get();
    }
    std::string published() { return get(env, owner).at("/ruleset_version"); }
    std::string released() { return get(env, owner).at("/released_version"); }
    Reply propagation(const std::string& version = "") {
        return get(env + "/propagation" + (version.empty() ? "" : "?version=" + version), owner);
    }
    std::string enabled() { return get(flag, owner).at("/enabled"); }
    std::string root_of(const std::string& version) {
        return sql(
            "SELECT encode(m.root, 'hex') FROM fanion.manifests m JOIN fanion.environments e USING (env_id) "
            "WHERE e.key = 'production' AND m.version = " +
            version.substr(version.find('.') + 1));
    }
    std::string audited(const std::string& action) {
        return sql("SELECT count(*) FROM fanion.audit WHERE action = '" + action + "'");
    }

    const std::string home = "/api/v1/orgs/acme";
    const std::string web = home + "/projects/web";
    const std::string env = web + "/environments/production";
    const std::string flag = web + "/flags/f/environments/production";
    std::string owner;
    Replica replica{*this};
    Replica other{*this};
};

}  // namespace

TEST_CASE_METHOD(Stages, "a held version is released once, by one of the replicas, when canaries had it long enough") {
    const auto before = published();
    const auto version = turn(true);
    CHECK(published() == version);
    CHECK(released() == before);
    CHECK(propagation().at("/stage/waits_for") == "no_canaries");
    report("c1", "{canary}", version, "applied", 20);
    report("p1", "{eu}", before);
    begun(70);
    CHECK(look_at_once() == 0);
    const auto waiting = propagation();
    CHECK(waiting.at("/stage/state") == "held");
    CHECK(waiting.at("/stage/waits_for") == "soaking");
    CHECK(waiting.at("/relays/0/canary") == "true");
    CHECK(waiting.at("/relays/1/standing") == "held");
    CHECK(waiting.at("/complete") == "false");
    report("p2", "{canary}", before);
    report("b1", "{canary}", version);
    sql("UPDATE fanion.relay_status SET path = '{p1}' WHERE relay_id IN ('p2', 'b1')");
    const auto relays = get(home + "/relays", owner);
    INFO(relays.body);
    CHECK(relays.at("/items/1/canary") == "true");  // c1
    CHECK(relays.at("/items/1/standing") == "up_to_date");
    CHECK(relays.at("/items/2/canary") == "false");  // p1
    CHECK(relays.at("/items/2/standing") == "held");
    CHECK(relays.at("/items/3/canary") == "false");  // behind p1, whatever it calls itself
    CHECK(relays.at("/items/3/standing") == "held");
    sql("DELETE FROM fanion.relay_status WHERE relay_id IN ('p2', 'b1')");
    report("c1", "{canary}", version, "applied", 61);
    CHECK(look_at_once() == 1);
    CHECK(look_at_once() == 0);
    CHECK(released() == version);
    CHECK(published() == version);
    CHECK(audited("environment.stage_released") == "1");
    const auto done = propagation();
    CHECK(done.at("/stage/state") == "released");
    CHECK(done.at("/stage/reason") == "soaked");
    CHECK(done.at("/stage/actor/kind") == "system");
    CHECK(done.at("/relays/1/standing") == "pending");
    CHECK(get(home + "/relays", owner).at("/items/1/standing") == "pending");
    CHECK(get(home + "/relays", owner).at("/items/1/canary") == "false");
}

TEST_CASE_METHOD(Stages, "what a canary rejects is withdrawn once, by a version with the content of before") {
    const auto before = published();
    const auto version = turn(true);
    report("c1", "{canary}", before, "rejected");
    CHECK(look_at_once() == 1);
    CHECK(look_at_once() == 0);
    const auto next = published();
    CHECK(next != version);
    CHECK(released() == next);
    CHECK(root_of(next) == root_of(before));
    CHECK(root_of(next) != root_of(version));
    CHECK(enabled() == "false");
    CHECK(audited("environment.stage_withdrawn") == "1");
    const auto found = propagation(version);
    CHECK(found.at("/stage/state") == "withdrawn");
    CHECK(found.at("/stage/reason") == "rejected");
    CHECK(found.at("/stage/next") == next);
    CHECK(found.at("/complete") == "false");
    const auto versions = get(env + "/versions?limit=1", owner);
    CHECK(versions.at("/items/0/action") == "environment.stage_withdrawn");
    CHECK(versions.at("/items/0/actor/kind") == "system");
    // A change after that is staged again.
    turn(true);
    CHECK(released() == next);
}

TEST_CASE_METHOD(Stages, "what nobody tried is withdrawn at the end of the hold time") {
    const auto before = published();
    turn(true);
    begun(500);
    CHECK(look() == 0);
    begun(601);
    CHECK(look() == 1);
    CHECK(root_of(published()) == root_of(before));
    set_stages(R"({"soak_seconds":60,"hold_seconds":600,"without_canaries":"release"})");
    const auto version = turn(true);
    begun(61);
    CHECK(look() == 1);
    CHECK(released() == version);
}

TEST_CASE_METHOD(Stages, "people release and withdraw") {
    const auto before = published();
    CHECK(post(env + "/stage/release", owner, "{}").errors() == Errors{" nothing_held"});
    const auto version = turn(true);
    CHECK(post(env + "/stage/release", owner, R"({"version":"1.1"})").errors() == Errors{"/version not_held"});
    CHECK(post(env + "/stage/release", owner, R"({"version":"x"})").errors() == Errors{"/version bad_value"});
    CHECK(post(env + "/stage/release", owner, R"({"wave":1})").errors() == Errors{"/wave unknown_field"});
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    for (const auto& verb : {"release", "withdraw"}) {
        CHECK(post(env + "/stage/" + verb, developer, "{}").status == 403);
        CHECK(post(env + "/stage/" + verb, viewer, "{}").status == 403);
    }
    CHECK(released() == before);
    const auto done = post(env + "/stage/release", owner, R"({"version":")" + version + R"(","comment":"well"})");
    INFO(done.body);
    CHECK(done.status == 200);
    CHECK(done.at("/state") == "released");
    CHECK(released() == version);
    CHECK(sql("SELECT comment FROM fanion.audit WHERE action = 'environment.stage_released'") == "well");
    turn(false);
    const auto back = post(env + "/stage/withdraw", owner, "{}");
    INFO(back.body);
    CHECK(back.status == 200);
    CHECK(back.at("/state") == "withdrawn");
    CHECK(back.at("/released") == published());
    CHECK(root_of(published()) == root_of(version));
    CHECK(enabled() == "true");
}

TEST_CASE_METHOD(Stages, "a withdrawal names what it cannot put back, and does not publish it") {
    const auto before = published();
    REQUIRE(post(web + "/flags", owner, R"({"key":"new","type":"boolean"})").status == 201);
    turn(true);
    const auto back = post(env + "/stage/withdraw", owner, "{}");
    INFO(back.body);
    CHECK(back.at("/kept/0") == "flag/new");
    CHECK(back.at("/kept/1").empty());
    CHECK(root_of(published()) == root_of(before));
    CHECK(get(web + "/flags/new", owner).status == 200);
    CHECK(get(env + "/ruleset?form=plain&flags=new", owner).status == 400);
    CHECK(enabled() == "false");
}

TEST_CASE_METHOD(Stages, "an emergency skips the stages, and the audit log has it") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
    const auto held = published();
    turn(true, "?stage=skip");
    CHECK(released() != published());
    CHECK(get(env + "/ruleset?form=plain&flags=f&version=" + released(), owner).body.find("\"enabled\":true") !=
          std::string::npos);
    CHECK(get(env + "/ruleset?form=plain&flags=g&version=" + released(), owner).status == 400);
    CHECK(get(env + "/ruleset?form=plain&flags=g", owner).status == 200);
    CHECK(propagation(held).at("/stage/state") == "replaced");
    CHECK(audited("environment.stage_skipped") == "1");
    CHECK(patch(flag + "?stage=now", owner, "{}", "*").errors() == Errors{"?stage malformed"});
}

TEST_CASE_METHOD(Stages, "a version that a program without stages has published ends the hold") {
    turn(true);
    sql("WITH made AS (UPDATE fanion.environments SET version = version + 1 WHERE key = 'production' RETURNING *) "
        "INSERT INTO fanion.manifests SELECT m.env_id, m.epoch, made.version, m.org_id, m.root, m.items, m.bytes, "
        "m.full_line0, m.full_manifest, m.delta_line0, m.delta_manifest, m.issued_at FROM fanion.manifests m JOIN made "
        "USING (env_id, epoch) WHERE m.version = made.version - 1");
    CHECK(look() == 0);
    CHECK(released() == published());
    CHECK(sql("SELECT count(*) FROM fanion.staged_versions WHERE state = 'held'") == "0");
}

TEST_CASE_METHOD(Stages, "the setting is checked, and null takes it away") {
    const auto errors = [this](const std::string& staging) {
        return change_environment(R"({"staging":)" + staging + "}").errors();
    };
    CHECK(errors(R"({"label":"Canary"})") == Errors{"/staging/label bad_label"});
    CHECK(errors(R"({"soak_seconds":600,"hold_seconds":600})") == Errors{"/staging/hold_seconds out_of_range"});
    CHECK(errors(R"({"soak_seconds":-1})") == Errors{"/staging/soak_seconds out_of_range"});
    CHECK(errors(R"({"without_canaries":"drop"})") == Errors{"/staging/without_canaries bad_value"});
    CHECK(errors(R"({"wave":1})") == Errors{"/staging/wave unknown_field"});
    CHECK(errors("7") == Errors{"/staging wrong_type"});
    CHECK(get(env, owner).at("/staging/soak_seconds") == "60");
    set_stages("null");
    CHECK(get(env, owner).at("/staging") == "null");
    const auto version = turn(true);
    CHECK(released() == version);
    CHECK(propagation().at("/stage") == "null");
}

TEST_CASE_METHOD(Stages, "relays are held back and let through as the labels of their reports say") {
    turn(true);
    const auto before = released();
    report("c1", "{eu}", before, "rejected");  // no canary: what it says decides nothing
    CHECK(look() == 0);
    report("p1", "{canary}", before);
    const auto found = propagation();
    CHECK(found.at("/relays/0/canary") == "false");
    CHECK(found.at("/relays/1/canary") == "true");
    CHECK(found.at("/relays/1/standing") == "pending");
    CHECK(found.at("/stage/canaries/behind") == "1");
}
