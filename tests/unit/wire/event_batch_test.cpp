#include "common/wire/event_batch.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

EventBatch sample() {
    EventBatch batch;
    batch.batch = "eu-1a.b7.42";
    batch.relay = "eu-1a";
    batch.from = 1763720000000;
    batch.to = 1763720010000;
    batch.counts.push_back({"e_1", "new-checkout", "on", 12, "SPLIT", "python/1.2", 10432, "r-7f3a"});
    batch.counts.push_back({"e_1", "(other)", "", 0, "ERROR", "", 3});
    batch.exposures.push_back({"e_1", "new-checkout", "on", 12, "u1", 1763720001234, R"({"plan":"pro","n":1.0})"});
    batch.metrics.push_back({"e_1", "purchase", "u1", 1763720004321, "19.90"});
    batch.dropped = {1, 2, 3};
    return batch;
}

std::vector<std::string> batch_places(const char* text) {
    const auto read = parse_event_batch(text);
    std::vector<std::string> out;
    if (read) return out;
    for (const auto& finding : read.error().findings) out.push_back(finding.pointer + " " + finding.code);
    if (out.empty()) out.push_back("no finding");
    return out;
}

}  // namespace

TEST_CASE("a batch reads back as written, numbers as they were spelled") {
    const auto batch = sample();
    const auto read = parse_event_batch(to_json(batch));
    REQUIRE(read);
    CHECK(*read == batch);
    CHECK(to_json(*read) == to_json(batch));
    CHECK(read->evaluations() == 10435);
}

TEST_CASE("a part of a batch names its place in the whole") {
    auto part = sample();
    CHECK(part.whole_id() == "eu-1a.b7.42");
    CHECK(to_json(part).find("\"part\"") == std::string::npos);
    part.part = "01";
    part.batch += ".01";
    const auto read = parse_event_batch(to_json(part));
    REQUIRE(read);
    CHECK(*read == part);
    CHECK(read->whole_id() == "eu-1a.b7.42");
    using Places = std::vector<std::string>;
    const auto places = [](const std::string& id, const std::string& path) {
        return batch_places(
            (R"({"batch":")" + id + R"(","part":")" + path + R"(","relay":"a","from":1,"to":2})").c_str());
    };
    const std::string longest(most_halvings, '0');
    CHECK(places("b." + longest, longest).empty());
    CHECK(places("b.0" + longest, "0" + longest) == Places{"/part out_of_range"});
    CHECK(places("b.02", "02") == Places{"/part out_of_range"});
    CHECK(places("b.01", "1") == Places{"/part out_of_range"});
    CHECK(places(".01", "01") == Places{"/part out_of_range"});
    CHECK(places("01", "01") == Places{"/part out_of_range"});
}

TEST_CASE("a count names a rule only where one decided") {
    std::string text;
    append_json(text, CountEvent{"e", "f", "on", 1, "DEFAULT", "", 2});
    CHECK(text == R"({"env":"e","flag":"f","variation":"on","version":1,"reason":"DEFAULT","sdk":"","n":2})");
    text.clear();
    append_json(text, CountEvent{"e", "f", "on", 1, "SPLIT", "", 2, "r-1"});
    CHECK(text ==
          R"({"env":"e","flag":"f","variation":"on","version":1,"reason":"SPLIT","sdk":"","rule":"r-1","n":2})");
    const std::string start = R"({"batch":"b","relay":"a","from":1,"to":2,"counts":[{"env":"e","flag":"f","n":1)";
    CHECK(parse_event_batch(start + "}]}")->counts.at(0).rule.empty());
    CHECK(parse_event_batch(start + R"(,"rule":"r-1"}]})")->counts.at(0).rule == "r-1");
    using Places = std::vector<std::string>;
    CHECK(batch_places((start + R"(,"rule":1}]})").c_str()) == Places{"/counts/0/rule wrong_type"});
    const std::string longer(event_name_bytes + 1, 'r');
    CHECK(batch_places((start + R"(,"rule":")" + longer + R"("}]})").c_str()) == Places{"/counts/0/rule too_long"});
}

TEST_CASE("a batch may leave out its lists, and may hold what is not known") {
    const auto read = parse_event_batch(R"({"batch":"a.b.1","relay":"a","from":1,"to":2,"new":{"x":[]}})");
    REQUIRE(read);
    CHECK(read->counts.empty());
    CHECK(read->dropped == EventNumbers{});
}

TEST_CASE("each bad place of a batch is named") {
    using Places = std::vector<std::string>;
    CHECK(batch_places(R"({"relay":"a","from":1,"to":2})") == Places{"/batch missing"});
    CHECK(batch_places(R"({"batch":"","relay":"a","from":1,"to":-2})") ==
          Places{"/batch out_of_range", "/to out_of_range"});
    CHECK(
        batch_places(
            R"({"batch":"b","relay":"a","from":1,"to":2,"counts":[{"env":"e","flag":"f","n":1},{"env":"e","flag":"f","n":0}]})") ==
        Places{"/counts/1/n out_of_range"});
    CHECK(batch_places(R"({"batch":"b","relay":"a","from":1,"to":2,"counts":[{"env":"e","flag":"f\u0000","n":1}]})") ==
          Places{"/counts/0/flag bad_character"});
    CHECK(
        batch_places(
            R"({"batch":"b","relay":"a","from":1,"to":2,"metrics":[{"env":"e","key":"k","unit":"u","at":1,"value":"1"}]})") ==
        Places{"/metrics/0/value wrong_type"});
    CHECK(
        batch_places(
            R"({"batch":"b","relay":"a","from":1,"to":2,"exposures":[{"env":"e","flag":"k","unit":"u","at":1,"attrs":[]}]})") ==
        Places{"/exposures/0/attrs wrong_type"});
    CHECK_FALSE(batch_places("{").empty());
    CHECK_FALSE(batch_places("[]").empty());
}

TEST_CASE("a name past its length is refused") {
    auto batch = sample();
    batch.exposures[0].unit = std::string(event_name_bytes + 1, 'u');
    const auto read = parse_event_batch(to_json(batch));
    REQUIRE_FALSE(read);
    CHECK(read.error().findings.at(0).pointer == "/exposures/0/unit");
    batch.exposures[0].unit.pop_back();
    CHECK(parse_event_batch(to_json(batch)));
}
