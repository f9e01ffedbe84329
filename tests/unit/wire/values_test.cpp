// Backoff, Fanion-Have, relay status.

#include <catch2/catch.hpp>

#include "common/wire/backoff.hpp"
#include "common/wire/have.hpp"
#include "common/wire/labels.hpp"
#include "common/wire/status.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::wire;
using namespace std::chrono_literals;

TEST_CASE("the bound of each wait doubles from 0.5 s to 30 s, and the wait is uniform below it") {
    Backoff backoff;
    for (const auto bound : {500ms, 1000ms, 2000ms, 4000ms, 8000ms, 16000ms, 30000ms, 30000ms}) {
        auto other = backoff;
        CHECK(other.next(0.0) == 0ms);
        CHECK(backoff.next(0.5) == bound / 2);
    }
    for (int i = 0; i < 100; ++i) CHECK(backoff.next(0.999) <= 30000ms);
    backoff.reset();
    CHECK(backoff.next(1.0) == 500ms);
    CHECK(backoff.failures() == 1);
}

TEST_CASE("a refused credential slows attempts to 60 s until one succeeds") {
    Backoff backoff;
    backoff.slow_down();
    CHECK(backoff.next(0.0) == 60000ms);
    CHECK(backoff.next(1.0) == 66000ms);
    CHECK(backoff.is_slow());
    backoff.reset();
    CHECK_FALSE(backoff.is_slow());
    CHECK(backoff.next(1.0) == 500ms);
}

TEST_CASE("what is held reads back from the header") {
    const Have have{{"e_5k2j9x", {1763719200, 4711}}, {"e_a", {1, 2}}};
    CHECK(format_have(have) == "e_5k2j9x=1763719200.4711, e_a=1.2");
    CHECK(parse_have(format_have(have)).value() == have);
    CHECK(parse_have(" e_a=1.2 ,e_5k2j9x=1763719200.4711").value() == have);
    CHECK(parse_have("").value().empty());
    for (const auto* bad : {"e_a", "e_a=", "e_a=1", "=1.2", "e_a=1.2,", "e_a=1.2,,e_b=1.2", "e a=1.2",
                            "e_a=1.2, e_a=1.3", "e/a=1.2", ","}) {
        INFO(bad);
        CHECK_FALSE(parse_have(bad));
    }
}

TEST_CASE("what does not fit into the header is left out") {
    Have have;
    for (int i = 0; i < 100; ++i) have["e_" + std::to_string(i)] = {1, 1};
    const auto text = format_have(have, 50);
    CHECK(text.size() <= 50);
    CHECK(parse_have(text).value().size() > 2);
}

TEST_CASE("labels read back from the header") {
    const std::vector<std::string> labels{"canary", "eu-west.1", "0_a"};
    CHECK(format_labels(labels) == "canary, eu-west.1, 0_a");
    CHECK(parse_labels(format_labels(labels)).value() == labels);
    CHECK(parse_labels(" canary ,eu-west.1,0_a").value() == labels);
    CHECK(parse_labels("").value().empty());
    CHECK(parse_labels("  ").value().empty());
    for (const auto& bad : {std::string("Canary"), std::string("-a"), std::string("a b"), std::string("a,"),
                            std::string("a,,b"), std::string("\xc3\xa9"), std::string(64, 'a')}) {
        INFO(bad);
        CHECK_FALSE(parse_labels(bad));
    }
    CHECK(parse_labels(std::string(63, 'a')));
    std::string many = "a0";
    for (int i = 1; i < 16; ++i) many += ",a" + std::to_string(i);
    CHECK(parse_labels(many));
    CHECK_FALSE(parse_labels(many + ",a16"));
}

TEST_CASE("a status has the labels of the relay and of those below") {
    RelayStatus status{"a", "b", "", 0, {}};
    CHECK(to_json(status).find("labels") == std::string::npos);
    status.labels = {"canary", "eu"};
    RelayBelow below;
    below.path = {"a"};
    below.relay = "c";
    below.boot = "d";
    below.labels = {"edge"};
    status.below = {below};
    const auto read = parse_relay_status(to_json(status));
    REQUIRE(read);
    CHECK(*read == status);
    CHECK_FALSE(parse_relay_status(R"({"relay":"a","boot":"b","labels":["A"]})"));
    CHECK_FALSE(parse_relay_status(R"({"relay":"a","boot":"b","labels":"a"})"));
}

TEST_CASE("a status has the ledger of the relay and of those below") {
    RelayStatus status{"a", "b", "", 0, {}};
    CHECK(to_json(status).find("events") == std::string::npos);
    status.events = EventLedger{{9, 8, 7}, {1, 2, 3}, {4, 5, 4}, {{"spool_full", {4, 1, 0}}, {"x", {}}}, 77};
    RelayBelow below;
    below.path = {"a"};
    below.relay = "c";
    below.boot = "d";
    below.events = EventLedger{};
    status.below = {below};
    const auto read = parse_relay_status(to_json(status));
    REQUIRE(read);
    CHECK(*read == status);
    const std::string head = R"({"relay":"a","boot":"b","events":)";
    const auto partial = parse_relay_status(head + R"({"accepted":{"counts":1,"new":2},"more":{}}})");
    REQUIRE(partial);
    CHECK(partial->events == EventLedger{{1, 0, 0}, {}, {}, {}, 0});
    CHECK_FALSE(parse_relay_status(head + R"({"accepted":{"counts":-1}}})"));
    CHECK_FALSE(parse_relay_status(head + R"({"dropped":[{"counts":1}]}})"));
    CHECK_FALSE(parse_relay_status(head + R"({"queued":null}})"));
    CHECK_FALSE(parse_relay_status(head + "null}"));
    std::string reasons = R"({"reason":"r"})";
    for (int i = 1; i < 20; ++i) reasons += R"(,{"reason":"r"})";
    CHECK(parse_relay_status(head + R"({"dropped":[)" + reasons + "]}}"));
    CHECK_FALSE(parse_relay_status(head + R"({"dropped":[{"reason":"r"},)" + reasons + "]}}"));
    status.events->accepted.counts = UINT64_MAX;
    CHECK(parse_relay_status(to_json(status)).value().events->accepted.counts == (std::uint64_t{1} << 53) - 1);
}

TEST_CASE("a relay's status reads back") {
    RelayStatus status{"eu-1a", "b7", "0.1.0", 3, {}};
    status.environments.push_back({"e_1", {5, 6}, sha256("x"), EnvironmentState::applied, "", ""});
    status.environments.push_back(
        {"e_2", {}, std::nullopt, EnvironmentState::rejected, "bad_signature", "no signature"});
    status.environments.push_back({"e_3", {1, 1}, std::nullopt, EnvironmentState::quarantined, "quarantined", ""});
    status.environments.push_back({"e_4", {1, 1}, sha256("y"), EnvironmentState::stale, "", ""});
    CHECK(to_json(status).find("keys") == std::string::npos);
    status.keys = {{"k1", 60'000}, {"k2", 120'000}};
    const auto read = parse_relay_status(to_json(status));
    REQUIRE(read);
    CHECK(*read == status);
    CHECK(parse_relay_status(
        R"({"relay":"a","boot":"b","new":1,"environments":[{"env_id":"e","state":"stale","x":2}]})"));
}

TEST_CASE("a status that is none is refused with the place") {
    for (const auto* bad :
         {"", "[]", "{}", R"({"relay":"","boot":"b"})", R"({"relay":"a","boot":"b","environments":[{}]})",
          R"({"relay":"a","boot":"b","environments":[{"env_id":"e","state":"fine"}]})",
          R"({"relay":"a","boot":"b","environments":[{"env_id":"e f","state":"stale"}]})",
          R"({"relay":"a","boot":"b","environments":[{"env_id":"e","state":"stale"},{"env_id":"e","state":"stale"}]})",
          R"({"relay":"a","boot":"b","environments":[{"env_id":"e","state":"stale","root":"00"}]})",
          R"({"relay":"a","boot":"b","keys":[{"id":"k"}]})", R"({"relay":"a","boot":"b","keys":[{"used_at":1}]})",
          R"({"relay":"a","boot":"b","keys":[{"id":"k","used_at":-1}]})",
          R"({"relay":"a","boot":"b","keys":[{"id":"k\u0000","used_at":1}]})",
          R"({"relay":"a","boot":"b","keys":[{"id":"k","used_at":1},{"id":"k","used_at":2}]})",
          R"({"relay":"a","boot":"b","environments":[{"env_id":"e","state":"stale","detail":"\u0000"}]})"}) {
        INFO(bad);
        CHECK_FALSE(parse_relay_status(bad));
    }
    const auto read = parse_relay_status(R"({"relay":"a","boot":"b","environments":[{"env_id":"e","state":"fine"}]})");
    REQUIRE(read.error().findings.size() == 1);
    CHECK(read.error().findings[0].pointer == "/environments/0/state");
}

TEST_CASE("attributes of contexts read back; those of a type that is not known are left out") {
    RelayStatus status{"a", "b", "", 0, {}};
    CHECK(to_json(status).find("attributes") == std::string::npos);
    for (const auto type : all_attribute_types) {
        status.attributes.push_back({"e_1", "country", type, false, 3'600'000});
        CHECK(parse_attribute_type(name_of(type)) == type);
    }
    status.attributes.push_back({"e_2", "/app/\"v\"", AttributeType::string, true, 7'200'000});
    const auto read = parse_relay_status(to_json(status));
    REQUIRE(read);
    CHECK(*read == status);
    const auto newer = parse_relay_status(
        R"({"relay":"a","boot":"b","attributes":[{"env_id":"e","name":"n","type":"date","seen_at":1,"more":2},)"
        R"({"env_id":"e","name":"n","type":"number","seen_at":1}]})");
    REQUIRE(newer);
    CHECK(newer->attributes == std::vector<SeenAttribute>{{"e", "n", AttributeType::number, false, 1}});
}

TEST_CASE("attributes that no relay would report are refused") {
    const auto with = [](const std::string& attributes) {
        return parse_relay_status(R"({"relay":"a","boot":"b","attributes":[)" + attributes + "]}");
    };
    const auto named = [](const std::string& name) {
        return R"({"env_id":"e","name":")" + name + R"(","type":"string","seen_at":1})";
    };
    CHECK(with(named("n")));
    CHECK_FALSE(with(named("n") + ',' + named("n")));
    CHECK_FALSE(with(named("")));
    CHECK_FALSE(with(named("a\\u0000")));
    CHECK_FALSE(with(named("a\\u001b[0m")));
    CHECK_FALSE(with(named("a\\u202eb")));
    CHECK_FALSE(with(named(std::string(attribute_name_bytes + 1, 'x'))));
    CHECK_FALSE(with(R"({"env_id":"e","name":"n","type":"string"})"));
    CHECK_FALSE(with(R"({"env_id":"e","name":"n","seen_at":1})"));
    CHECK_FALSE(with("1"));
    RelayStatus status{"a", "b", "", 0, {}};
    for (std::size_t i = 0; i <= most_attributes; ++i)
        status.attributes.push_back({"e", "n" + std::to_string(i), AttributeType::string, false, 1});
    CHECK_FALSE(parse_relay_status(to_json(status)));
    status.attributes.pop_back();
    CHECK(parse_relay_status(to_json(status)));
}

TEST_CASE("a status names at most a thousand keys") {
    RelayStatus status{"a", "b", "", 0, {}};
    for (std::size_t i = 0; i < most_key_uses; ++i) status.keys.push_back({"k" + std::to_string(i), 60'000});
    CHECK(parse_relay_status(to_json(status)));
    status.keys.push_back({"one more", 60'000});
    CHECK_FALSE(parse_relay_status(to_json(status)));
}

TEST_CASE("a long detail is cut between characters") {
    RelayStatus status{"a", "b", "", 0, {}};
    std::string detail = "x";
    for (int i = 0; i < 600; ++i) detail += "é";
    status.environments.push_back({"e", {}, std::nullopt, EnvironmentState::rejected, "invalid", detail});
    const auto read = parse_relay_status(to_json(status));
    REQUIRE(read);
    CHECK(read->environments[0].detail.size() == 1023);
}
