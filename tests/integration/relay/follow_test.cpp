// Following a control plane: valid documents are served, invalid ones are rejected and counted, and nothing is lost.

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/relay/relay_rig.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/metrics_docs.hpp"

using namespace fanion;
using test::RelayRig;
using test::wait_for;
using wire::StreamEvent;

namespace {

std::string rejected(std::string_view code) {
    return "fanion_relay_rulesets_rejected_total{code=\"" + std::string(code) + "\"}";
}

}  // namespace

TEST_CASE("full, delta, head, and a gap that one fetch closes") {
    RelayRig rig;
    rig.start();
    REQUIRE(rig.connected());
    CHECK(rig.control->last_have().empty());
    CHECK(rig.control->last_key() == rig.relay_key);
    CHECK(rig.relay->operators("/readyz").status == 503);
    CHECK(rig.relay->operators("/livez").status == 200);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "503");

    rig.push(StreamEvent::put, rig.commit(true));
    CHECK(rig.serves("true"));
    CHECK(rig.relay->operators("/readyz").status == 200);
    rig.push_head();
    CHECK(rig.is_synchronised());
    CHECK(rig.relay->evaluate("f", "unknown") == "401");

    rig.commit(false);
    rig.push(StreamEvent::patch, rig.environment.delta());
    CHECK(rig.serves("false"));
    CHECK(rig.control->fetches() == 0);

    rig.commit(false);
    rig.commit(true);
    rig.push(StreamEvent::patch, rig.environment.delta());
    CHECK(rig.serves("true"));
    CHECK(rig.control->fetches() == 1);
    CHECK(rig.relay->metric(rejected("gap")) == 1);

    rig.commit(false);
    rig.push_head();
    CHECK(rig.serves("false"));
    CHECK(rig.control->fetches() == 2);
    const auto version = R"("version":)" + std::to_string(rig.environment.version().number);
    CHECK(wait_for([&] { return rig.control->last_status().find(version) != std::string::npos; }));
    CHECK(rig.control->last_status().find(R"("relay":"test-relay")") != std::string::npos);
}

TEST_CASE("the use of a key is reported once, with the next report") {
    RelayRig rig;
    rig.start();
    REQUIRE(rig.connected());
    rig.push(StreamEvent::put, rig.commit(true));
    CHECK(rig.counts("fanion_relay_rulesets_applied_total", 1));
    const auto before = SystemClock().now() / 60'000;
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    const auto after = SystemClock().now() / 60'000;
    rig.push(StreamEvent::put, rig.commit(false));
    const std::string use = R"("keys":[{"id":"k1","used_at":)";
    CHECK(wait_for([&] { return rig.control->statuses_with(use) == 1; }));
    unsigned in_minute = 0;  // the relay reads its clock between these two readings
    for (auto minute = before; minute <= after; ++minute)
        in_minute += rig.control->statuses_with(use + std::to_string(minute * 60'000) + "}]");
    CHECK(in_minute == 1);
    rig.push(StreamEvent::put, rig.commit(true));
    const auto version = R"("version":)" + std::to_string(rig.environment.version().number);
    CHECK(wait_for([&] { return rig.control->statuses_with(version) > 0; }));
    CHECK(rig.control->statuses_with(use) == 1);
}

TEST_CASE("invalid documents are rejected with their code and counted, and the previous ruleset is still served") {
    RelayRig rig;
    rig.start_with_ruleset();
    auto& e = rig.environment;
    const auto old = e.full();
    rig.commit(true);
    rig.push(StreamEvent::patch, e.delta());
    REQUIRE(rig.counts("fanion_relay_rulesets_applied_total", 2));

    const test::SignedEnvironment stranger(RelayRig::env);
    auto newer = e.manifest(wire::ManifestType::full);
    newer.version.number += 1;
    auto reader = newer;
    reader.min_reader = 99;
    auto wrong_root = newer;
    wrong_root.root = sha256("something else");
    auto elsewhere = newer;
    elsewhere.env_id = "e_2";
    auto broken = e;
    broken.put("flag/f", R"({"key":"f"})");
    const auto invalid = broken.commit();
    auto twin = e;
    twin.set_version({e.version().epoch, e.version().number - 1});
    twin.put_boolean_flag("f", false);
    const auto equivocating = twin.commit();

    const std::pair<std::string, std::string> cases[] = {
        {"malformed", "rubbish\n"},
        {"bad_signature", stranger.sign(newer, e.item_lines())},
        {"wrong_audience", e.sign(elsewhere, e.item_lines())},
        {"unsupported", e.sign(reader, e.item_lines())},
        {"rollback", old},
        {"equivocation", equivocating},
        {"integrity", e.sign(wrong_root, e.item_lines())},
        {"invalid", invalid},
    };
    for (const auto& [code, bytes] : cases) {
        CAPTURE(code);
        rig.push(StreamEvent::put, bytes);
        CHECK(rig.counts(rejected(code), 1));
        CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    }
    CHECK(rig.relay->metric("fanion_relay_rulesets_applied_total") == 2);
    CHECK(wait_for([&] { return rig.control->last_status().find(R"("code":"invalid")") != std::string::npos; }));
    rig.commit(false);
    rig.push(StreamEvent::patch, e.delta());
    CHECK(rig.serves("false"));
}

TEST_CASE("a stream that breaks at any byte of an event applies nothing, and the next stream delivers the event") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.commit(false);
    const auto event =
        wire::format_event(StreamEvent::patch, RelayRig::env, rig.environment.version(), rig.environment.delta());
    for (const auto size : {std::size_t{1}, std::size_t{20}, event.size() / 2, event.size() - 2, event.size() - 1}) {
        CAPTURE(size);
        const auto opened = rig.control->streams_opened();
        rig.control->push_raw(event.substr(0, size));
        rig.control->end_streams();
        REQUIRE(wait_for([&] { return rig.control->streams_opened() > opened; }));
        CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    }
    rig.control->push_raw(event);
    CHECK(rig.serves("false"));
}

TEST_CASE("a refused key deletes nothing, and SIGHUP retries with the new key") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.control->refuse_with(401);
    rig.control->end_streams();
    CHECK(rig.counts("fanion_relay_upstream_refused_total", 1));
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->operators("/status").body.find(R"("refused":true)") != std::string::npos);

    rig.relay_key = make_api_key("rly").text;
    rig.write("relay.key", rig.relay_key);
    rig.control->refuse_with(0);
    const auto opened = rig.control->streams_opened();
    rig.relay->signal(SIGHUP);
    CHECK(wait_for([&] { return rig.control->streams_opened() > opened; }));
    CHECK(rig.control->last_key() == rig.relay_key);
    CHECK(rig.control->last_have() == "e_1=" + wire::to_string(rig.environment.version()));
}

TEST_CASE("a replaced trust document takes effect on SIGHUP, and the current ruleset is kept") {
    RelayRig rig;
    rig.start_with_ruleset();
    test::SignedEnvironment successor(RelayRig::env);  // other keys
    successor.put_server_key("k1", rig.server_key);
    successor.put_boolean_flag("f", false);
    successor.set_version(rig.environment.version());
    successor.commit();
    const auto full = successor.full();
    const auto version = successor.version();
    rig.control->push(StreamEvent::put, RelayRig::env, version, full);
    CHECK(rig.counts(rejected("bad_signature"), 1));

    rig.write("trust.json", "no trust document\n");
    rig.relay->signal(SIGHUP);
    CHECK(wait_for([&] { return rig.relay->log().find("configuration_refused") != std::string::npos; }));
    rig.write("trust.json", successor.trust());
    rig.relay->signal(SIGHUP);
    CHECK(wait_for([&] { return rig.relay->log().find("trust_updated") != std::string::npos; }));
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    rig.control->push(StreamEvent::put, RelayRig::env, version, full);
    CHECK(rig.serves("false"));
}

TEST_CASE("if streams are blocked, polling delivers changes, freshness, new environments and revocations") {
    RelayRig rig;
    rig.control->mute_streams();
    rig.commit(true);
    const auto head_of = [](const test::SignedEnvironment& environment, const std::string& env_id) {
        return wire::format_event(StreamEvent::head, env_id, environment.version(),
                                  environment.head(SystemClock().now()));
    };
    rig.control->set_heads(head_of(rig.environment, "e_1"));
    auto arguments = rig.arguments();
    arguments.insert(arguments.end(), {"--poll-interval", "100"});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    CHECK(rig.serves("true"));
    CHECK(rig.is_synchronised());
    CHECK(rig.relay->operators("/status").body.find(R"("env_id":"e_1","state":"applied")") != std::string::npos);

    test::SignedEnvironment other("e_2", rig.environment);
    const auto other_key = make_api_key("srv").text;
    other.put_server_key("k2", other_key);
    other.put_boolean_flag("f", false);
    rig.control->set_ruleset("e_2", other.commit());
    rig.control->set_heads(head_of(rig.environment, "e_1") + head_of(other, "e_2"));
    CHECK(wait_for([&] { return rig.relay->evaluate("f", other_key) == "false"; }));
    rig.commit(false);
    rig.control->set_heads(head_of(rig.environment, "e_1") + head_of(other, "e_2"));
    CHECK(rig.serves("false"));
    const auto revoked = rig.environment.revoked(SystemClock().now() + 1);
    rig.control->set_heads(wire::format_event(StreamEvent::revoked, "e_1", rig.environment.version(), revoked) +
                           head_of(other, "e_2"));
    CHECK(rig.serves("401"));
    CHECK(rig.relay->evaluate("f", other_key) == "false");
}

TEST_CASE("failing polls are counted by reason and logged once, until a poll succeeds") {
    RelayRig rig;
    rig.control->mute_streams();
    rig.commit(true);
    const auto heads = wire::format_event(StreamEvent::head, "e_1", rig.environment.version(),
                                          rig.environment.head(SystemClock().now()));
    rig.control->set_heads(heads);
    auto arguments = rig.arguments();
    arguments.insert(arguments.end(), {"--poll-interval", "100"});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    CHECK(rig.serves("true"));
    const auto lines = [&](const std::string& part) {
        const auto text = rig.relay->log();
        std::size_t count = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
        return count;
    };
    const auto failed = [&](const std::string& reason, double least) {
        const auto series = "fanion_relay_upstream_polls_failed_total{reason=\"" + reason + "\"}";
        return wait_for([&] { return rig.relay->metric(series) >= least; });
    };
    CHECK(lines("poll_failed") == 0);

    rig.control->set_heads("<html>Please sign in</html>\n\n");  // a response that a captive portal may send
    CHECK(failed("empty", 3));
    CHECK(lines("poll_failed") == 1);
    CHECK(lines("no events in the answer") == 1);
    rig.control->refuse_with(500);
    CHECK(failed("refused", 3));
    CHECK(lines(R"("reason":"refused","status":500)") == 1);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    rig.control->set_heads(heads);
    rig.control->refuse_with(0);
    CHECK(wait_for([&] { return lines("poll_recovered") == 1; }));
}

TEST_CASE("a stream that brings bytes but no valid head is left, and the next upstream is tried") {
    RelayRig rig;
    test::FakeControlPlane silent;
    rig.start_with_ruleset();
    rig.relay->kill();
    auto arguments = rig.arguments();
    arguments.insert(arguments.begin(), {"--upstream", silent.url(), "--upstream-idle", "500"});
    const auto before = rig.control->streams_opened();
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    CHECK(wait_for([&] {
        silent.push_raw(": a comment\n\n");
        return rig.control->streams_opened() > before;
    }));
    CHECK(rig.relay->log().find("the stream brings no valid head") != std::string::npos);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("a stream that ends without a valid document is left, and the next upstream is tried") {
    RelayRig rig;
    test::FakeControlPlane portal;
    portal.set_greeting("<html>Please sign in</html>\n\n");
    rig.start_with_ruleset();
    rig.relay->kill();
    auto arguments = rig.arguments();
    arguments.insert(arguments.begin(), {"--upstream", portal.url()});
    const auto before = rig.control->streams_opened();
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    CHECK(wait_for([&] {
        portal.end_streams();
        return rig.control->streams_opened() > before;
    }));
    CHECK(rig.relay->log().find("the stream ended without a valid document") != std::string::npos);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("a stream of junk is left after a few events, with a growing wait, and logged once") {
    RelayRig rig;
    rig.start_with_ruleset();
    std::string junk;
    for (int i = 0; i < 1'000; ++i) {
        junk += wire::format_event(StreamEvent::patch, RelayRig::env, {1, std::uint64_t(i)}, "rubbish\n");
        junk += wire::format_event(StreamEvent::head, "e_" + std::to_string(i), {1, 1}, "rubbish\n");
        junk += "event: nonsense\nid: x\ndata: y\n\n";
    }
    rig.control->set_greeting(junk);
    const auto opened = rig.control->streams_opened();
    rig.control->end_streams();
    REQUIRE(wait_for([&] { return rig.control->streams_opened() >= opened + 4; }));
    CHECK(rig.relay->metric(rejected("malformed")) <= 4 * 20);
    const auto log = rig.relay->log();
    const auto lines_with = [&](const std::string& part) {
        std::size_t count = 0;
        for (auto at = log.find(part); at != std::string::npos; at = log.find(part, at + 1)) ++count;
        return count;
    };
    CHECK(lines_with("the stream brings only documents that are rejected") == 1);
    CHECK(lines_with("upstream_connected") <= 2);
    CHECK(lines_with("ruleset_rejected") <= 20);
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");

    rig.control->set_greeting(wire::format_event(StreamEvent::head, RelayRig::env, rig.environment.version(),
                                                 rig.environment.head(SystemClock().now())));
    CHECK(wait_for([&] {
        return rig.relay->operators("/status").body.find(R"("env_id":"e_1","state":"applied")") != std::string::npos;
    }));
}

TEST_CASE("a byte flipped in a patch's manifest or signature costs one fetch, not the change") {
    RelayRig rig;
    rig.start_with_ruleset();
    const auto place = GENERATE(std::string("\"sig\":\""), std::string("\"root\":\""), std::string("{\"typ\""));
    rig.commit(false);
    auto delta = rig.environment.delta();
    const auto at = delta.find(place) + place.size();
    delta[at] = delta[at] == 'A' ? 'B' : 'A';
    rig.push(StreamEvent::patch, delta);
    CHECK(rig.serves("false"));
    CHECK(rig.control->fetches() == 1);
    CHECK(rig.relay->operators("/status").body.find(R"("env_id":"e_1","state":"applied")") != std::string::npos);
}

TEST_CASE("if an upstream is unreachable, the relay switches to the next one") {
    RelayRig rig;
    auto arguments = rig.arguments();
    arguments.insert(arguments.begin(), {"--upstream", rig.nowhere});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    CHECK(rig.connected());
}

TEST_CASE("a signed revocation removes the environment and its keys") {
    RelayRig rig;
    rig.start_with_ruleset();
    REQUIRE(rig.is_synchronised());
    rig.push(StreamEvent::revoked, rig.environment.revoked(SystemClock().now()));
    CHECK(rig.serves("401"));
    CHECK(rig.relay->operators("/readyz").status == 503);
}

TEST_CASE("the exported metrics are those of docs/metrics.md") {
    RelayRig rig;
    rig.start_with_ruleset();
    const auto exported = test::exported_metrics(rig.relay->operators("/metrics").body);
    CHECK(exported == test::documented_metrics("Relay"));
}

TEST_CASE("the operators' port shows what is held, and the ruleset without its keys") {
    RelayRig rig;
    rig.start_with_ruleset();
    const auto status = rig.relay->operators("/status").body;
    CHECK(status.find(R"("env_id":"e_1","state":"applied","version":")" + wire::to_string(rig.environment.version())) !=
          std::string::npos);
    CHECK(status.find(R"("connected":true)") != std::string::npos);
    CHECK(rig.relay->operators("/startupz").status == 200);
    const auto ruleset = rig.relay->operators("/debug/ruleset/e_1");
    CHECK(ruleset.status == 200);
    CHECK(ruleset.body.find("access/k1\t#") != std::string::npos);
    CHECK(ruleset.body.find("flag/f\t{") != std::string::npos);
    CHECK(rig.relay->operators("/debug/ruleset/e_2").status == 404);
}
