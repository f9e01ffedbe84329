#include <catch2/catch.hpp>

#include "common/wire/status.hpp"
#include "tests/integration/control-plane/relays/streaming.hpp"

using namespace fanion;
using namespace fanion::test;
using net::Method;
using test::flag;

namespace {

std::string header(const net::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

struct WithFlag : Streaming {
    WithFlag() {
        first = put("a", "on", 3000);
        second = put("b", "on");
        run_until([&] {
            return catalog.find(cp::access::EnvironmentId("e_1")) &&
                   catalog.find(cp::access::EnvironmentId("e_1"))->version() == second;
        });
    }
    wire::Version first, second;
    std::string key = make_relay_key("key0000001");
};

}  // namespace

TEST_CASE_METHOD(WithFlag, "a ruleset has a strong tag, and a matching If-None-Match gets 304") {
    const auto full = request(Method::get, "/relay/v1/rulesets/e_1", key);
    CHECK(full.status == 200);
    CHECK(full.content_type == "application/vnd.fanion.ruleset.v1");
    const auto tag = header(full, "ETag");
    CHECK(tag == "\"" + wire::to_string(second) + "\"");
    test::Receiver receiver(signer.trust().newest());
    CHECK(receiver.take(full.bytes()).empty());
    const auto same = request(Method::get, "/relay/v1/rulesets/e_1", key, {{"If-None-Match", tag}});
    CHECK(same.status == 304);
    CHECK(header(same, "ETag") == tag);
    CHECK(same.bytes().empty());
    CHECK(request(Method::get, "/relay/v1/rulesets/e_1", key, {{"If-None-Match", "\"1.1\""}}).status == 200);
}

TEST_CASE_METHOD(WithFlag, "the heads endpoint replaces streams where these are blocked") {
    REQUIRE(run(publish(publisher, "o_1", "p_1", "staging", {flag("a", "on")}, true)));
    run_until([&] { return catalog.find(cp::access::EnvironmentId("e_2")) != nullptr; });
    const auto heads = [&](const std::string& with, const std::string& have) {
        const auto response = request(Method::get, "/relay/v1/heads", with, {{"Fanion-Have", have}});
        REQUIRE(response.status == 200);
        std::vector<wire::SseEvent> events;
        REQUIRE(wire::SseParser().feed(response.bytes(), events));
        std::string text;
        for (const auto& event : events) {
            const auto accepted = wire::accept_head(event.data, signer.trust().newest(), {});
            REQUIRE(std::holds_alternative<wire::AcceptedHead>(accepted));
            text += event.event + ' ' + event.id + "; ";
        }
        return text;
    };
    const auto at = [](const std::string& env_id, wire::Version v) { return env_id + ":" + wire::to_string(v) + "; "; };
    const auto both =
        "head " + at("e_1", second) + "head " + at("e_2", catalog.find(cp::access::EnvironmentId("e_2"))->version());
    CHECK(heads(key, "") == both);
    CHECK(heads(key, "e_1=" + wire::to_string(second)) == both);
    const auto narrow = make_relay_key("key0000002", "e_2");
    CHECK(heads(narrow, "e_1=" + wire::to_string(second)) ==
          "head " + at("e_2", catalog.find(cp::access::EnvironmentId("e_2"))->version()) + "revoked " +
              at("e_1", second));
    CHECK(request(Method::get, "/relay/v1/heads", "").status == 401);
    CHECK(request(Method::get, "/relay/v1/heads", key, {{"Fanion-Have", "nonsense"}}).status == 400);
}

TEST_CASE_METHOD(WithFlag, "since returns a delta if that is smaller, otherwise the full ruleset") {
    const auto since = [&](const std::string& version) {
        return request(Method::get, "/relay/v1/rulesets/e_1?since=" + version, key);
    };
    const auto delta = since(wire::to_string(first));
    REQUIRE(delta.status == 200);
    CHECK(delta.bytes().find("\"typ\":\"delta\"") != std::string_view::npos);
    CHECK(header(delta, "ETag") == "\"" + wire::to_string(second) + "\"");
    CHECK(since("1.1").bytes().find("\"typ\":\"full\"") != std::string_view::npos);
    CHECK(since(wire::to_string(second)).bytes().find("\"typ\":\"full\"") != std::string_view::npos);
    const auto refused = since("nonsense");
    CHECK(refused.status == 400);
    CHECK(refused.bytes().find(R"("pointer":"?since","code":"malformed")") != std::string_view::npos);
}

TEST_CASE_METHOD(WithFlag, "a ruleset is compressed as the caller accepts it") {
    const auto plain = request(Method::get, "/relay/v1/rulesets/e_1", key);
    for (const auto encoding : {Encoding::gzip, Encoding::zstd}) {
        const std::string name(fanion::name_of(encoding));
        const auto packed = request(Method::get, "/relay/v1/rulesets/e_1", key, {{"Accept-Encoding", name}});
        CHECK(header(packed, "Content-Encoding") == name);
        CHECK(header(packed, "Vary") == "Accept-Encoding");
        CHECK(decompress(encoding, packed.bytes(), 1'000'000).value() == plain.bytes());
    }
    CHECK(header(plain, "Content-Encoding").empty());
}

TEST_CASE_METHOD(WithFlag, "an environment that the key does not grant does not exist for it") {
    REQUIRE(run(publish(publisher, "o_2", "p_2", "production", {}, true)));
    run_until([&] { return catalog.find(cp::access::EnvironmentId("e_3")) != nullptr; });
    CHECK(request(Method::get, "/relay/v1/rulesets/e_3", key).status == 404);
    const auto unknown = request(Method::get, "/relay/v1/rulesets/e_unknown", key);
    CHECK(unknown.status == 404);
    CHECK(unknown.bytes().find(R"("pointer":"{env_id}","code":"not_found")") != std::string_view::npos);
    CHECK(request(Method::get, "/relay/v1/rulesets/e_2", key).status == 404);  // nothing published yet
    const auto narrow = make_relay_key("key0000002", "e_2");
    CHECK(request(Method::get, "/relay/v1/rulesets/e_1", narrow).status == 404);
}

TEST_CASE_METHOD(WithFlag, "every endpoint requires a relay key") {
    for (const auto* path : {"/relay/v1/rulesets/e_1", "/relay/v1/trust", "/relay/v1/status"}) {
        INFO(path);
        const auto method = std::string_view(path).ends_with("status") ? Method::post : Method::get;
        const auto none = request(method, path, "");
        CHECK(none.status == 401);
        CHECK(header(none, "WWW-Authenticate") == "Bearer");
        CHECK(none.content_type == "application/problem+json");
        CHECK(request(method, path, make_api_key("rly").text).status == 401);
        CHECK(request(method, path, make_api_key("cli").text).status == 403);
    }
}

TEST_CASE_METHOD(WithFlag, "the trust documents after a version are returned") {
    CHECK(request(Method::get, "/relay/v1/trust?from=0", key).bytes() == signer.trust().newest().bytes);
    CHECK(request(Method::get, "/relay/v1/trust", key).bytes() == signer.trust().newest().bytes);
    const auto none = request(Method::get, "/relay/v1/trust?from=1", key);
    CHECK(none.status == 200);
    CHECK(none.bytes().empty());
    CHECK(request(Method::get, "/relay/v1/trust?from=x", key).status == 400);
}

TEST_CASE_METHOD(WithFlag, "a relay's newest status is stored, for the environments that its key grants") {
    wire::RelayStatus status{"eu-1a", "b1", "0.1.0", 1, {}};
    status.environments.push_back({"e_1", first, sha256("x"), wire::EnvironmentState::applied, "", ""});
    status.environments.push_back({"e_3", first, std::nullopt, wire::EnvironmentState::applied, "", ""});
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 204);
    status.environments[0].version = second;
    status.environments[0].state = wire::EnvironmentState::rejected;
    status.environments[0].code = "integrity";
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 204);
    CHECK(sql("SELECT string_agg(concat_ws(' ', org_id, relay_id, env_id, version, state, code), ',') FROM "
              "fanion.relay_status") == "o_1 eu-1a e_1 2 rejected integrity");
}

TEST_CASE_METHOD(WithFlag, "relays report the last use of keys, which never goes back nor beyond what is granted") {
    const auto now = clock.now();
    const auto minute = now - now % 60'000;
    const auto add_key = [&](const std::string& id, const std::string& place, const std::string& kind) {
        sql("INSERT INTO fanion.api_keys (key_id, org_id, project_id, env_id, kind, sha256) VALUES ('" + id + "', " +
            place + ", '" + kind + "', decode('" + to_hex(sha256(id)) + "', 'hex'))");
    };
    add_key("server0001", "'o_1', 'p_1', 'e_1'", "server");
    add_key("client0001", "'o_1', 'p_1', 'e_1'", "client");
    add_key("server0002", "'o_1', 'p_1', 'e_2'", "server");
    add_key("server0003", "'o_2', 'p_2', 'e_3'", "server");
    const auto used = [&] {
        return sql("SELECT coalesce(string_agg(key_id || ' ' || (extract(epoch FROM last_used_at) * 1000)::bigint - " +
                   std::to_string(minute) +
                   ", ', ' ORDER BY key_id), '') FROM fanion.api_keys WHERE last_used_at IS NOT NULL "
                   "AND kind <> 'relay'");
    };
    const auto report = [&](const std::string& with, std::vector<wire::KeyUse> uses) {
        wire::RelayStatus status{"eu-1a", "b1", "0.1.0", 1, {}};
        status.keys = std::move(uses);
        return request(Method::post, "/relay/v1/status", with, {}, wire::to_json(status)).status;
    };
    const auto narrow = make_relay_key("key0000002", "e_1");
    CHECK(report(narrow, {{"server0001", minute - 60'000},
                          {"client0001", minute},
                          {"server0002", minute},
                          {"server0003", minute},
                          {"key0000001", minute},
                          {"unknown", minute}}) == 204);
    CHECK(used() == "client0001 0, server0001 -60000");
    CHECK(report(narrow, {{"server0001", minute - 60'000}}) == 204);  // again
    CHECK(report(narrow, {{"server0001", minute - 120'000}}) == 204);
    CHECK(used() == "client0001 0, server0001 -60000");
    CHECK(report(key, {{"server0002", minute + 7'200'000}, {"server0003", minute}}) == 204);  // a clock ahead
    CHECK(used() == "client0001 0, server0001 -60000, server0002 " + std::to_string(now - minute));
}

TEST_CASE_METHOD(WithFlag, "relays report the last use of relay keys below them, of those that share an environment") {
    const auto minute = clock.now() - clock.now() % 60'000;
    const auto add_key = [&](const std::string& id, const std::string& place) {
        sql("INSERT INTO fanion.api_keys (key_id, org_id, project_id, env_id, kind, sha256) VALUES ('" + id + "', " +
            place + ", 'relay', decode('" + to_hex(sha256(id)) + "', 'hex'))");
    };
    add_key("relayenv01", "'o_1', 'p_1', 'e_1'");
    add_key("relayenv02", "'o_1', 'p_1', 'e_2'");
    add_key("relayproj1", "'o_1', 'p_1', NULL");
    add_key("relayorg01", "'o_1', NULL, NULL");
    add_key("relayorg02", "'o_2', NULL, NULL");
    sql("INSERT INTO fanion.projects (project_id, org_id, key, name) VALUES ('p_other', 'o_1', 'other', 'Other')");
    add_key("relayproj2", "'o_1', 'p_other', NULL");
    const auto narrow = make_relay_key("key0000002", "e_1");
    wire::RelayStatus status{"eu-1a", "b1", "0.1.0", 1, {}};
    for (const auto* id : {"relayenv01", "relayenv02", "relayorg01", "relayorg02", "relayproj1", "relayproj2"})
        status.keys.push_back({id, minute});
    CHECK(request(Method::post, "/relay/v1/status", narrow, {}, wire::to_json(status)).status == 204);
    CHECK(sql("SELECT string_agg(key_id, ' ' ORDER BY key_id) FROM fanion.api_keys WHERE last_used_at IS NOT NULL AND "
              "key_id LIKE 'relay%'") == "relayenv01 relayorg01 relayproj1");
}

TEST_CASE_METHOD(WithFlag, "relays report the attributes of contexts, of the environments that their key grants") {
    const auto now = clock.now();
    const auto report = [&](std::vector<wire::SeenAttribute> attributes) {
        wire::RelayStatus status{"eu-1a", "b1", "0.1.0", 1, {}};
        status.attributes = std::move(attributes);
        return request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status;
    };
    using wire::AttributeType;
    CHECK(report({{"e_1", "country", AttributeType::string, true, now},
                  {"e_1", "country", AttributeType::number, false, now + 86'400'000},  // a clock ahead
                  {"e_1", "ages ago", AttributeType::string, false, now - 91 * UnixMillis{86'400'000}},
                  {"e_3", "country", AttributeType::string, false, now},
                  {"e_none", "country", AttributeType::string, false, now}}) == 204);
    const auto rows = [&] {
        return sql(
            "SELECT string_agg(concat_ws(' ', org_id, env_id, name, type, from_client, last_seen - "
            "(to_timestamp(" +
            std::to_string(now / 1000) +
            ") AT TIME ZONE 'UTC')::date), ', ' ORDER BY name, type) FROM fanion.context_attributes");
    };
    CHECK(rows() == "o_1 e_1 country number f 0, o_1 e_1 country string t 0");
    CHECK(report({{"e_1", "country", AttributeType::string, false, now}}) == 204);
    CHECK(report({{"e_1", "country", AttributeType::string, true, now}}) == 204);
    CHECK(rows() == "o_1 e_1 country number f 0, o_1 e_1 country string f 0");
}

TEST_CASE_METHOD(WithFlag, "relays report their ledgers, of which the newest stays, whichever way it came") {
    const auto report = [&](wire::RelayStatus status) {
        return request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status;
    };
    const auto ledgers = [&] {
        return sql(
            "SELECT string_agg(concat_ws(' ', org_id, relay_id, ledger::json -> 'accepted' ->> 'counts'), ', ' "
            "ORDER BY relay_id) FROM fanion.relay_ledgers");
    };
    wire::RelayStatus status{"eu-1a", "b1", "0.1.0", 1, {}};
    CHECK(report(status) == 204);
    CHECK(ledgers().empty());  // a relay of an earlier version
    status.events = wire::EventLedger{{5, 0, 0}, {2, 0, 0}, {3, 0, 0}, {}, 10};
    wire::RelayBelow below;
    below.path = {"eu-1a"};
    below.relay = "edge";
    below.boot = "b";
    below.age = 5'000;
    below.events = wire::EventLedger{{7, 0, 0}, {7, 0, 0}, {}, {}, 0};
    status.below = {below};
    CHECK(report(status) == 204);
    CHECK(ledgers() == "o_1 edge 7, o_1 eu-1a 5");
    status.below[0].age = 60'000;  // an older one by another way
    status.below[0].events->accepted.counts = 6;
    status.events->accepted.counts = 8;
    CHECK(report(status) == 204);
    CHECK(ledgers() == "o_1 edge 7, o_1 eu-1a 8");
}

TEST_CASE_METHOD(WithFlag, "a status that is none, or that names an epoch of the far future, is refused") {
    CHECK(request(Method::post, "/relay/v1/status", key, {}, "{").status == 400);
    CHECK(request(Method::post, "/relay/v1/status", key, {}, "{}").status == 400);
    wire::RelayStatus status{"eu-1a", "b1", "", 1, {}};
    status.environments.push_back(
        {"e_1", {9'000'000'000'000, 1}, std::nullopt, wire::EnvironmentState::applied, "", ""});
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 422);
}

TEST_CASE_METHOD(WithFlag, "what is reported of a relay below more than a year late is left out, and the rest counts") {
    wire::RelayStatus status{"eu-1a", "b1", "", 1, {}};
    status.environments.push_back({"e_1", {1, 1}, std::nullopt, wire::EnvironmentState::applied, "", ""});
    status.below.push_back({{"eu-1a"}, "old", "b2", "", 1, 9'000'000'000'000'000, status.environments});
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 204);
    CHECK(sql("SELECT string_agg(relay_id, ', ' ORDER BY relay_id) FROM fanion.relay_status") == "eu-1a");
    status.below[0].age = 20'000;
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 204);
    CHECK(sql("SELECT string_agg(relay_id, ', ' ORDER BY relay_id) FROM fanion.relay_status") == "eu-1a, old");
}

TEST_CASE_METHOD(WithFlag, "an epoch of the far future that a relay below reports is left out, and the rest counts") {
    wire::RelayStatus status{"eu-1a", "b1", "", 1, {}};
    status.environments.push_back({"e_1", {1, 1}, std::nullopt, wire::EnvironmentState::applied, "", ""});
    status.below.push_back({{"eu-1a"}, "wrong", "b2", "", 1, 0, status.environments});
    status.below.push_back({{"eu-1a"}, "right", "b3", "", 1, 0, status.environments});
    status.below[0].environments[0].version.epoch = 9'000'000'000'000;
    CHECK(request(Method::post, "/relay/v1/status", key, {}, wire::to_json(status)).status == 204);
    CHECK(sql("SELECT string_agg(relay_id || ' ' || epoch, ', ' ORDER BY relay_id) FROM fanion.relay_status") ==
          "eu-1a 1, right 1");
}
