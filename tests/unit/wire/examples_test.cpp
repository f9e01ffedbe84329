// The golden examples of proto-schemas/examples: decoded, encoded again and compared byte by byte.
//
// They are made by the builders of documents.hpp; `unit_wire [update-examples]` writes them anew.

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "common/wire/event_batch.hpp"
#include "common/wire/sse_format.hpp"
#include "common/wire/sse_parser.hpp"
#include "common/wire/status.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/source_path.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;
using namespace fanion::test;

namespace {

std::string path_of(const std::string& name) { return fanion::test::source_path("proto-schemas/examples/" + name); }

std::string example(const std::string& name) {
    std::ifstream file(path_of(name), std::ios::binary);
    INFO(name);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

RelayStatus status_example() {
    const History h;
    RelayStatus status{"eu-1a", "m4tq81", "0.1.0", 1, {}};
    status.events = EventLedger{{10'450, 310, 28}, {10'000, 310, 28}, {400, 0, 0}, {{"spool_full", {50, 0, 0}}}, 2'048};
    status.environments.push_back(
        {"e_5k2j9x", h.manifest2.version, h.manifest2.root, EnvironmentState::applied, "", ""});
    status.environments.push_back(
        {"e_9p3c1v", {epoch, 17}, sha256("held"), EnvironmentState::rejected, "integrity", "811 items instead of 812"});
    status.keys.push_back({"4fQz81LmPa", 1'763'719'980'000});
    status.attributes.push_back({"e_5k2j9x", "country", AttributeType::string, false, 1'763'719'200'000});
    status.attributes.push_back({"e_5k2j9x", "/app/version", AttributeType::string, true, 1'763'719'200'000});
    return status;
}

EventBatch batch_example() {
    EventBatch batch;
    batch.batch = "eu-1a.m4tq81.42";
    batch.relay = "eu-1a";
    batch.from = 1'763'720'000'000;
    batch.to = 1'763'720'010'000;
    batch.counts.push_back({"e_5k2j9x", "new-checkout", "on", 12, "SPLIT", "python/1.2", 10'432, "r-7f3a"});
    batch.has_digests = true;
    const std::string unit = "8d7f0c6f0b6f4be2a5f1f3c1d2e4b5a6";
    batch.exposures.push_back(
        {"e_5k2j9x", "new-checkout", "on", 12, unit, 1'763'720'001'234, R"({"plan":"pro"})", "x_8fk2.1.2", "/org/id"});
    batch.metrics.push_back({"e_5k2j9x", "purchase", unit, 1'763'720'004'321, "19.9", "/org/id"});
    return batch;
}

std::map<std::string, std::string> made() {
    const History h;
    const auto head = signed_head(h.issuer.signer, h.head_manifest());
    auto last = manifest_of(ItemSet(), 3, ManifestType::revoked);
    last.prev = sha256(to_json(h.manifest2));
    const auto revoked = signed_head(h.issuer.signer, last);
    const auto event = [&](StreamEvent kind, Version version, const std::string& document) {
        return format_event(kind, "e_5k2j9x", version, document);
    };
    return {
        {"full.snapshot", h.full2},
        {"delta.snapshot", h.delta()},
        {"head.snapshot", head},
        {"revoked.snapshot", revoked},
        {"trust.json", h.issuer.trust.bytes},
        {"status.json", to_json(status_example()) + "\n"},
        {"event-batch.json", to_json(batch_example()) + "\n"},
        {"stream.sse",
         format_retry(std::chrono::milliseconds(1500)) + event(StreamEvent::put, h.manifest1.version, h.full1) +
             event(StreamEvent::patch, h.manifest2.version, h.delta()) +
             event(StreamEvent::head, h.manifest2.version, head) + event(StreamEvent::revoked, last.version, revoked)}};
}

std::string line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

TEST_CASE("write the examples", "[.][update-examples]") {
    for (const auto& [name, text] : made()) std::ofstream(path_of(name), std::ios::binary) << text;
}

TEST_CASE("the examples are what the builders make") {
    for (const auto& [name, text] : made()) {
        INFO(name);
        CHECK(example(name) == text);
    }
}

TEST_CASE("the example documents decode and encode to the same bytes") {
    for (const auto* name : {"full.snapshot", "delta.snapshot", "head.snapshot", "revoked.snapshot"}) {
        INFO(name);
        const auto bytes = example(name);
        const auto envelope = parse_envelope(bytes);
        REQUIRE(envelope);
        const auto manifest = parse_manifest(envelope->payload);
        REQUIRE(manifest);
        CHECK(format_signed_head(envelope->signature_line, to_json(*manifest)) + std::string(envelope->items) == bytes);
    }
}

TEST_CASE("the example trust document decodes and encodes to the same bytes") {
    const auto bytes = example("trust.json");
    const auto trust = parse_first_trust(bytes);
    REQUIRE(trust);
    const auto envelope = parse_envelope(bytes);
    CHECK(format_signed_head(envelope->signature_line, to_json(*trust)) == bytes);
}

TEST_CASE("the example documents are accepted under the example trust document") {
    const auto trust = parse_first_trust(example("trust.json")).value();
    const auto full = accept_ruleset(example("full.snapshot"), trust, Expected{});
    REQUIRE(outcome(full).empty());
    CHECK(outcome(accept_ruleset(example("delta.snapshot"), trust, Expected{})) == "gap");
    CHECK(outcome(accept_head(example("head.snapshot"), trust, Expected{})).empty());
    CHECK(outcome(accept_head(example("revoked.snapshot"), trust, Expected{})).empty());
}

TEST_CASE("the example stream leads from nothing to the second version and to its end") {
    const auto trust = parse_first_trust(example("trust.json")).value();
    SseParser parser;
    std::vector<SseEvent> events;
    REQUIRE(parser.feed(example("stream.sse"), events));
    REQUIRE(events.size() == 4);
    const auto put = accept_ruleset(events[0].data, trust, Expected{});
    REQUIRE(std::holds_alternative<Accepted>(put));
    const auto& held = std::get<Accepted>(put);
    Expected expected;
    expected.floor = Floor{held.manifest.version, held.manifest.root};
    expected.held = &held.items;
    expected.held_version = held.manifest.version;
    expected.held_root = held.manifest.root;
    const auto patch = accept_ruleset(events[1].data, trust, expected);
    REQUIRE(std::holds_alternative<Accepted>(patch));
    auto full = std::get<Accepted>(patch).full_head;
    append_items(full, std::get<Accepted>(patch).items);
    CHECK(full == example("full.snapshot"));
    CHECK(events[2].data == example("head.snapshot"));
    CHECK(events[3].data == example("revoked.snapshot"));
}

TEST_CASE("the example status and batch decode and encode to the same bytes") {
    const auto status = parse_relay_status(line(example("status.json")));
    REQUIRE(status);
    CHECK(to_json(*status) + "\n" == example("status.json"));
    const auto batch = parse_event_batch(line(example("event-batch.json")));
    REQUIRE(batch);
    CHECK(to_json(*batch) + "\n" == example("event-batch.json"));
}
