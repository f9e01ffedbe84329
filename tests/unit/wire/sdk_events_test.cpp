// What an SDK sends: every bad input is found with its place, and what is good becomes a batch's list.

#include "common/wire/sdk_events.hpp"

#include <catch2/catch.hpp>

#include "common/wire/event_batch.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::wire;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;
const AppendUnit as_named = [](std::string& out, std::string_view, std::string_view unit) { out += unit; };

class Read {
public:
    explicit Read(std::string_view text, const AppendUnit& append_unit = as_named) {
        REQUIRE(document_.parse(text));
        result = read_sdk_events(document_.root(), {"e_mine", now, append_unit}, events);
    }
    // The lists as a control plane reads them.
    EventBatch batch() const {
        EventBatch head;
        head.batch = "b";
        head.relay = "r";
        const auto parsed = parse_event_batch(to_json(head, events.exposures, events.metrics));
        REQUIRE(parsed);
        return *parsed;
    }
    std::vector<std::string> places() const {
        std::vector<std::string> found;
        if (result) return found;
        for (const auto& finding : result.error().findings) found.push_back(finding.pointer + " " + finding.code);
        return found;
    }

    SdkEvents events;
    Result<> result;

private:
    json::Document document_;
};

using Places = std::vector<std::string>;
Places places(std::string_view text) { return Read(text).places(); }
Places places_in(std::string_view list, const std::string& element) {
    return places(R"({")" + std::string(list) + R"(":[)" + element + "]}");
}

}  // namespace

TEST_CASE("counts, exposures and metrics are read with the environment of the key") {
    const Read read(R"({"batch":"i.1","later":[],
        "counts":[{"env":"e_other","flag":"f","variation":"on","version":3,"reason":"SPLIT","rule":"r-1","n":2},{"flag":"g","n":5}],
        "exposures":[{"flag":"f","variation":"on","version":3,"unit":"u1","at":1763719999000,"attrs":{"plan":"pro"},"exp":"x.1.2","by":"/org/id"},
                     {"flag":"\"f\"","unit":"u2","at":1763719999001}],
        "metrics":[{"key":"purchase","unit":"u1","at":1763719999000,"value":19.90},{"key":"visit","unit":"u1","at":5}]})");
    REQUIRE(read.result);
    CHECK(read.events.batch == "i.1");
    REQUIRE(read.events.counts.size() == 2);
    CHECK(read.events.counts[0].rule == "r-1");
    CHECK(read.events.counts[1].variation.empty());
    CHECK(read.events.evaluations == 7);
    CHECK(read.events.exposure_count == 2);
    CHECK(read.events.metric_count == 2);
    const auto batch = read.batch();
    REQUIRE(batch.exposures.size() == 2);
    CHECK(batch.exposures[0] ==
          ExposureEvent{"e_mine", "f", "on", 3, "u1", 1'763'719'999'000, R"({"plan":"pro"})", "x.1.2", "/org/id"});
    CHECK(batch.exposures[1] == ExposureEvent{"e_mine", "\"f\"", "", 0, "u2", 1'763'719'999'001});
    REQUIRE(batch.metrics.size() == 2);
    CHECK(batch.metrics[0] == MetricEvent{"e_mine", "purchase", "u1", 1'763'719'999'000, "19.90"});
    CHECK(batch.metrics[1].value == "1");
}

TEST_CASE("an event for several units becomes one for each of them") {
    const Read read(R"({"metrics":[{"key":"k","at":1,"value":2,"units":{"targetingKey":"u1","/org/id":"o1"}}]})");
    REQUIRE(read.result);
    CHECK(read.events.metric_count == 2);
    const auto batch = read.batch();
    CHECK(batch.metrics[0] == MetricEvent{"e_mine", "k", "u1", 1, "2"});
    CHECK(batch.metrics[1] == MetricEvent{"e_mine", "k", "o1", 1, "2", "/org/id"});
}

TEST_CASE("units are digests of what they are by, and of their names") {
    std::string one, other, again;
    append_unit_digest(one, "targetingKey", "u1");
    append_unit_digest(other, "/org/id", "u1");
    append_unit_digest(again, "targetingKey", "u1");
    // printf 'targetingKey\0u1' | sha256sum
    CHECK(one == "20c115158612fd3df305bed66028e1a9");
    CHECK(one != other);
    CHECK(one == again);
    const Read read(R"({"exposures":[{"flag":"f","unit":"u1","at":1}]})", append_unit_digest);
    CHECK(read.batch().exposures[0].unit == one);
}

TEST_CASE("an event from the future is from now, beyond what clocks differ by") {
    const Read read(
        R"({"exposures":[{"flag":"f","unit":"u","at":1763720300000},{"flag":"f","unit":"u","at":1763720300001}]})");
    const auto batch = read.batch();
    CHECK(batch.exposures[0].at == now + 300'000);
    CHECK(batch.exposures[1].at == now);
}

TEST_CASE("nothing is an empty request") {
    const Read read("{}");
    REQUIRE(read.result);
    CHECK(read.events.empty());
    CHECK(Read(R"({"counts":[],"exposures":[],"metrics":[]})").events.empty());
}

TEST_CASE("every fault of a request is found, with the place of its event") {
    CHECK(places("[]") == Places{" wrong_type"});
    CHECK(places(R"({"batch":7})") == Places{"/batch wrong_type"});
    CHECK(places(R"({"key":7})") == Places{"/key wrong_type"});
    CHECK(places(R"({"batch":""})") == Places{"/batch out_of_range"});
    CHECK(places(R"({"batch":")" + std::string(201, 'b') + "\"}") == Places{"/batch too_long"});
    for (const std::string list : {"counts", "exposures", "metrics"}) {
        CHECK(places(R"({")" + list + R"(":{}})") == Places{"/" + list + " wrong_type"});
        CHECK(places_in(list, "7") == Places{"/" + list + "/0 wrong_type"});
    }
    const std::string count = R"({"flag":"f","n":1})";
    CHECK(places_in("counts", count + "," + R"({"n":1})") == Places{"/counts/1/flag missing"});
    CHECK(places_in("counts", R"({"flag":"f"})") == Places{"/counts/0/n missing"});
    CHECK(places_in("counts", R"({"flag":"f","n":0})") == Places{"/counts/0/n out_of_range"});
    CHECK(places_in("counts", R"({"flag":"f","n":1.5})") == Places{"/counts/0/n out_of_range"});
    CHECK(places_in("counts", R"({"flag":"f","n":1000000001})") == Places{"/counts/0/n out_of_range"});
    CHECK(places_in("counts", R"({"flag":"f","n":"1"})") == Places{"/counts/0/n wrong_type"});
    CHECK(places_in("counts", R"({"flag":"f","n":1,"version":-1})") == Places{"/counts/0/version out_of_range"});
    CHECK(places_in("counts", R"({"flag":"f","n":1,"reason":7})") == Places{"/counts/0/reason wrong_type"});
    CHECK(places_in("counts", R"({"flag":"f","n":1,"rule":[]})") == Places{"/counts/0/rule wrong_type"});
    CHECK(places_in("counts", R"({"flag":"f\u0000","n":1})") == Places{"/counts/0/flag bad_character"});
    CHECK(places_in("exposures", "{}") ==
          Places{"/exposures/0/flag missing", "/exposures/0/unit missing", "/exposures/0/at missing"});
    const auto exposure = [](const std::string& more) {
        return places_in("exposures", R"({"flag":"f","unit":"u","at":1,)" + more + "}");
    };
    CHECK(exposure(R"("unit":"")") == Places{"/exposures/0/unit out_of_range"});
    CHECK(exposure(R"("unit":")" + std::string(257, 'u') + "\"") == Places{"/exposures/0/unit too_long"});
    CHECK(exposure(R"("at":-1)") == Places{"/exposures/0/at out_of_range"});
    CHECK(exposure(R"("at":253402300800000)") == Places{"/exposures/0/at out_of_range"});
    CHECK(exposure(R"("variation":null)") == Places{"/exposures/0/variation wrong_type"});
    CHECK(exposure(R"("exp":"")") == Places{"/exposures/0/exp out_of_range"});
    CHECK(exposure(R"("by":1)") == Places{"/exposures/0/by wrong_type"});
    CHECK(exposure(R"("attrs":[])") == Places{"/exposures/0/attrs wrong_type"});
    CHECK(exposure(R"("attrs":{"a":{}})") == Places{"/exposures/0/attrs wrong_type"});
    CHECK(exposure(R"("attrs":{"a":1e-20000})") == Places{"/exposures/0/attrs out_of_range"});
    CHECK(exposure(R"("attrs":{"a":0.5E-99999999999})") == Places{"/exposures/0/attrs out_of_range"});
    CHECK(exposure(R"("attrs":{"a":1e-300,"b":1e+300,"c":-0.25})").empty());
    CHECK(exposure(R"("attrs":{"a":"\u0000"})") == Places{"/exposures/0/attrs bad_character"});
    const auto metric = [](const std::string& more) {
        return places_in("metrics", R"({"key":"k","unit":"u","at":1,)" + more + "}");
    };
    CHECK(places_in("metrics", "{}") ==
          Places{"/metrics/0/key missing", "/metrics/0/unit missing", "/metrics/0/at missing"});
    CHECK(metric(R"("value":"1")") == Places{"/metrics/0/value wrong_type"});
    CHECK(metric(R"("units":{})") == Places{"/metrics/0/units out_of_range"});
    CHECK(metric(R"("units":{"a":"1","b":"1","c":"1","d":"1","e":"1"})") == Places{"/metrics/0/units out_of_range"});
    CHECK(metric(R"("units":{"a":1})") == Places{"/metrics/0/units wrong_type"});
}

TEST_CASE("the number of faults and of events is bounded") {
    std::string many = R"({"counts":[)";
    for (std::size_t i = 0; i <= most_sdk_events; ++i) many += i == 0 ? "7" : ",7";
    many += "]}";
    CHECK(places(many) == Places{"/counts limit"});
    many.erase(many.size() - 4, 2);
    CHECK(places(many).size() == 100);
}

TEST_CASE("the evaluations of a request are bounded together") {
    const auto two = [](const std::string& n) {
        return Read(R"({"counts":[{"flag":"f","n":999999999},{"flag":"g","n":)" + n + "}]}");
    };
    CHECK(two("1").result);
    CHECK(two("1").events.evaluations == most_counted);
    CHECK(two("2").places() == Places{"/counts/1/n out_of_range"});
}
