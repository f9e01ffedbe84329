// Batches as lines of JSON.

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "common/json/document.hpp"
#include "control-plane/sinks/lines.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::sinks;
using cp::access::EnvironmentId;
using cp::access::OrgId;

namespace {

const Places places{{EnvironmentId("e_1"), {"acme", "web", "production"}},
                    {EnvironmentId("e_2"), {"acme", "app", "development"}}};

wire::EventBatch example() {
    wire::EventBatch batch;
    batch.batch = "eu-1a.7.42";
    batch.relay = "eu-1a";
    batch.from = 1'763'720'000'000;
    batch.to = 1'763'720'010'000;
    batch.has_digests = true;
    batch.counts.push_back({"e_2", "f", "on", 12, "SPLIT", "python/1.2", 3, "r-1"});
    batch.counts.push_back({"e_1", "f", "", 0, "ERROR", "", 1});
    wire::ExposureEvent exposure;
    exposure.env = "e_1";
    exposure.flag = "new \"checkout\"\n";
    exposure.variation = "on";
    exposure.unit = "0123456789abcdef0123456789abcdef";
    exposure.at = 1'763'720'001'234;
    exposure.attrs = R"({"country":"DE"})";
    batch.exposures.push_back(exposure);
    wire::MetricEvent metric;
    metric.env = "e_1";
    metric.key = "purchase";
    metric.unit = exposure.unit;
    metric.at = 1'763'720'004'321;
    metric.value = "19.90";
    batch.metrics.push_back(metric);
    return batch;
}

std::vector<std::string> lines_in(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("an event is a line, which says what the event belongs to") {
    const auto made = lines_of(example(), OrgId("o_a"), 5, places);
    CHECK(made.batch_id == "eu-1a.7.42");
    CHECK(made.lines == 4);
    REQUIRE(made.environments.size() == 2);
    CHECK(made.environments[1].text ==
          R"({"batch":"eu-1a.7.42","line":0,"kind":"count","org_id":"o_a","org":"acme","project":"app",)"
          R"("environment":"development","relay":"eu-1a","from":1763720000000,"to":1763720010000,"env":"e_2",)"
          R"("flag":"f","variation":"on","version":12,"reason":"SPLIT","sdk":"python/1.2","rule":"r-1","n":3})"
          "\n");
    const auto lines = lines_in(made.environments[0].text);
    REQUIRE(lines.size() == 3);
    CHECK(lines[1].find(R"("kind":"exposure")") != std::string::npos);
    CHECK(lines[1].find(R"("attrs":{"country":"DE"})") != std::string::npos);
    CHECK(lines[2].find(R"("value":19.90)") != std::string::npos);
    CHECK(made.environments[0].text.back() == '\n');
    for (const auto& line : lines) {
        INFO(line);
        CHECK(json::Document().parse(line));
    }
}

TEST_CASE("the lines of a batch have different numbers and the same bytes each time") {
    const auto made = lines_of(example(), OrgId("o_a"), 5, places);
    std::set<std::string> numbers;
    for (const auto& environment : made.environments) {
        for (const auto& line : lines_in(environment.text)) {
            const auto at = line.find("\"line\":");
            numbers.insert(line.substr(at, line.find(',', at) - at));
        }
    }
    CHECK(numbers.size() == 4);
    const auto again = lines_of(example(), OrgId("o_a"), 5, places);
    for (std::size_t i = 0; i < made.environments.size(); ++i)
        CHECK(made.environments[i].text == again.environments[i].text);
}

TEST_CASE("what is of an environment that is gone is left out, and the other lines keep their numbers") {
    auto fewer = places;
    fewer.erase(EnvironmentId("e_2"));
    const auto made = lines_of(example(), OrgId("o_a"), 5, fewer);
    CHECK(made.lines == 3);
    REQUIRE(made.environments.size() == 1);
    CHECK(made.environments[0].text.find(R"("line":1,)") != std::string::npos);
    CHECK(made.environments[0].text.find(R"("line":0,)") == std::string::npos);
    CHECK(environments_of(example()) == std::vector{EnvironmentId("e_1"), EnvironmentId("e_2")});
}
