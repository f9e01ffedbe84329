// Published rulesets, their propagation, and evaluation counts.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "common/wire/envelope.hpp"
#include "common/wire/item_set.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::development;
using test::web;

namespace {

class Published : public ApiFixture {
public:
    Published() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        org_id = sql("SELECT org_id FROM fanion.orgs");
        env_id = get(development, owner).at("/env_id");
        version = *wire::parse_version(get(development, owner).at("/ruleset_version"));
    }
    void report(const std::string& relay, std::uint64_t number, const std::string& state, UnixMillis ago) {
        sql("INSERT INTO fanion.relay_status (org_id, relay_id, env_id, epoch, version, state, reported_at) VALUES ('" +
            org_id + "', '" + relay + "', '" + env_id + "', " + std::to_string(version.epoch) + ", " +
            std::to_string(number) + ", '" + state + "', '" + format_rfc3339(clock.now() - ago) + "')");
    }
    // What the relay `r` tells of itself by a report that is `age` old.
    boost::asio::awaitable<void> take(std::uint64_t number, wire::EnvironmentState state, std::uint64_t age,
                                      std::string boot) {
        cp::relays::RelayReported status;
        status.relay = "r";
        status.boot = std::move(boot);
        status.age = age;
        status.environments.push_back({env_id, {version.epoch, number}, std::nullopt, state, "", ""});
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org_id));
        co_await cp::relays::write_relay_status(tx, cp::access::OrgId(org_id), std::move(status));
        co_await tx.commit();
    }
    std::string owner, org_id, env_id;
    wire::Version version;
};

}  // namespace

TEST_CASE_METHOD(Published, "the ruleset is returned as it was signed, with the version as its tag") {
    const auto reply = get(development + "/ruleset", owner);
    CHECK(reply.status == 200);
    CHECK(reply.header("Content-Type") == wire::ruleset_media_type);
    CHECK(reply.etag() == '"' + wire::to_string(version) + '"');
    const auto envelope = wire::parse_envelope(reply.body);
    REQUIRE(envelope);
    const auto manifest = wire::parse_manifest(envelope->payload);
    REQUIRE(manifest);
    CHECK(manifest->env_id == env_id);
    CHECK(manifest->org == "acme");
    CHECK(manifest->version == version);
    wire::ItemSet items;
    for (const auto line : split(envelope->items, '\n')) {
        if (line.empty()) continue;
        const auto item = wire::parse_item_line(line);
        REQUIRE(item);
        items.put(item->key, std::make_shared<const std::string>(item->body));
    }
    CHECK(items.root() == manifest->root);
    CHECK(items.size() == manifest->items);
}

TEST_CASE_METHOD(Published, "relays are listed with their propagation state for a version") {
    report("a", version.number, "applied", 0);
    report("b", version.number - 1, "applied", 0);
    report("c", version.number - 1, "rejected", 0);
    report("d", version.number - 1, "applied", 31'000);
    const auto reply = get(development + "/propagation", owner);
    CHECK(reply.at("/version") == wire::to_string(version));
    CHECK(reply.at("/complete") == "false");
    CHECK(reply.at("/relays/0/standing") == "up_to_date");
    CHECK(reply.at("/relays/1/standing") == "pending");
    CHECK(reply.at("/relays/2/standing") == "rejected");
    CHECK(reply.at("/relays/3/standing") == "silent");
    const auto older = get(development + "/propagation?version=" + std::to_string(version.number - 1), owner);
    CHECK(older.at("/relays/1/standing") == "up_to_date");
    const auto first = get(development + "/propagation?limit=3", owner);
    CHECK(first.at("/relays/3") == "");
    const auto rest = get(development + "/propagation?limit=3&cursor=" + first.at("/next"), owner);
    CHECK(rest.at("/relays/0/relay") == "d");
    CHECK(rest.at("/relays/1") == "");
    CHECK(rest.at("/next") == "null");
    CHECK(rest.at("/complete") == "false");
    CHECK(get(development + "/propagation?version=x", owner).errors() ==
          std::vector<std::string>{"?version bad_value"});
    CHECK(get(development + "/propagation?wait=2h", owner).errors() == std::vector<std::string>{"?wait bad_value"});
}

TEST_CASE_METHOD(Published, "a relay has a version since it first reported it, whatever else it reports later") {
    using State = wire::EnvironmentState;
    const auto taken = [&](std::uint64_t number, State state, std::uint64_t age, const std::string& boot = "b") {
        run(take(number, state, age, boot));
    };
    const auto since = [&](const std::string& query = "") {
        const auto reply = get(development + "/propagation" + query, owner);
        INFO(reply.body);
        return reply.at("/relays/0/has_since");
    };
    const auto stored = [&] { return sql("SELECT taken_at FROM fanion.relay_status"); };
    const auto newest = version.number;
    taken(newest - 1, State::applied, 20'000);
    CHECK(since() == "null");
    CHECK(since("?version=" + std::to_string(newest - 1)) != "null");
    taken(newest, State::applied, 9'000);
    const auto first = since();
    CHECK(first != "null");
    const auto at = stored();
    taken(newest, State::stale, 5'000);
    taken(newest, State::applied, 1'000, "another");
    CHECK(stored() == at);
    CHECK(since() == first);
    CHECK(get(development + "/propagation", owner).at("/published_at") ==
          get(development + "/versions?limit=1", owner).at("/items/0/at"));
    CHECK(get(development + "/propagation?version=1.77", owner).at("/published_at") == "null");
    // A program that does not know the column has written a later version.
    sql("UPDATE fanion.relay_status SET version = version - 1");
    CHECK(since("?version=" + std::to_string(newest - 1)) == "null");
    taken(newest - 1, State::applied, 500);
    CHECK(since("?version=" + std::to_string(newest - 1)) == "null");
}

TEST_CASE_METHOD(Published, "waiting ends as soon as every active relay has the version") {
    report("a", version.number - 1, "applied", 0);
    CHECK(get(development + "/propagation?wait=1ms", owner).at("/complete") == "false");
    sql("UPDATE fanion.relay_status SET version = " + std::to_string(version.number));
    const auto reply = get(development + "/propagation?wait=30s", owner);
    CHECK(reply.at("/complete") == "true");
}

TEST_CASE_METHOD(Published, "counts are read per flag and variation for a period of time") {
    const auto row = [&](const char* flag, const char* variation, int minutes_ago, int n) {
        sql("INSERT INTO fanion.evaluation_counts VALUES ('" + org_id + "', '" + env_id + "', '" + flag + "', '" +
            variation + "', 1, 'STATIC', '', '" + format_rfc3339((clock.now() / 60'000 - minutes_ago) * 60'000) +
            "', " + std::to_string(n) + ")");
    };
    row("f", "on", 1, 3);
    row("f", "on", 5, 4);
    row("f", "", 2, 1);
    row("g", "off", 2, 9);
    row("f", "on", 3000, 100);  // older than a day
    const auto all = get(development + "/stats", owner);
    INFO(all.body);
    CHECK(all.at("/flags/0/flag") == "f");
    CHECK(all.at("/flags/0/count") == "8");
    CHECK(all.at("/flags/0/variations/0/variation") == "null");
    CHECK(all.at("/flags/0/variations/1") == R"({"variation":"on","count":7})");
    CHECK(all.at("/flags/1/count") == "9");
    CHECK(all.at("/next") == "null");
    const auto first = get(development + "/stats?limit=1", owner);
    CHECK(first.at("/flags/0") == all.at("/flags/0"));
    CHECK(first.at("/flags/1") == "");
    const auto rest = get(development + "/stats?limit=1&cursor=" + first.at("/next"), owner);
    CHECK(rest.at("/flags/0") == all.at("/flags/1"));
    CHECK(rest.at("/next") == "null");
    CHECK(get(development + "/stats?flag=g", owner).at("/flags/0/flag") == "g");
    CHECK(get(web + "/environments/staging/stats", owner).at("/flags") == "[]");
    for (const auto* bad : {"yesterday", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00%2B01:00"}) {
        INFO(bad);
        CHECK(get(development + "/stats?from=" + bad, owner).errors() == std::vector<std::string>{"?from bad_time"});
        CHECK(get(development + "/stats?to=" + bad, owner).errors() == std::vector<std::string>{"?to bad_time"});
    }
    CHECK(get(development + "/stats?to=9999-12-31T23:59:59-01:00", owner).status == 400);
    CHECK(get(development + "/stats?to=0001-01-01T00:00:00Z", owner).at("/flags") == "[]");
    CHECK(get(development + "/stats?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z", owner).status == 200);
}
