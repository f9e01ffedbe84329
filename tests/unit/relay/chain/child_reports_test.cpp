#include "relay/chain/child_reports.hpp"

#include "tests/support/catch_result.hpp"

using namespace fanion;
using relay::chain::ChildReports;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

wire::RelayStatus report_of(const std::string& relay, std::uint64_t version = 1) {
    wire::RelayStatus status{.relay = relay, .boot = "b", .build = "1", .trust = 1, .environments = {}};
    status.environments.push_back({"e_test", {1, version}, std::nullopt, wire::EnvironmentState::applied, "", ""});
    return status;
}

}  // namespace

TEST_CASE("a report is passed up once, with the way that it came") {
    ChildReports reports("top");
    auto status = report_of("middle");
    status.events = wire::EventLedger{{3, 0, 0}, {1, 0, 0}, {2, 0, 0}, {}, 9};
    status.below.push_back({{"middle"}, "bottom", "b", "1", 1, 5, report_of("bottom").environments});
    REQUIRE(reports.put(status, now));
    const auto due = reports.due(now + 10);
    REQUIRE(due.size() == 2);
    CHECK(due[0].relay == "bottom");
    CHECK(due[0].path == std::vector<std::string>{"top", "middle"});
    CHECK(due[0].age == 15);
    CHECK(due[1].relay == "middle");
    CHECK(due[1].path == std::vector<std::string>{"top"});
    CHECK(due[1].events == status.events);
    CHECK_FALSE(due[0].events);
    CHECK(reports.due(now + 10).size() == 2);  // it may not have arrived
    reports.passed_up();
    CHECK(reports.due(now + 10).empty());
}

TEST_CASE("a report that came meanwhile is passed up in its turn") {
    ChildReports reports("top");
    REQUIRE(reports.put(report_of("middle", 1), now));
    REQUIRE(reports.due(now).size() == 1);
    REQUIRE(reports.put(report_of("middle", 2), now));
    reports.passed_up();
    const auto due = reports.due(now);
    REQUIRE(due.size() == 1);
    CHECK(due[0].environments[0].version.number == 2);
}

TEST_CASE("circles, too many levels and what is old are dropped") {
    ChildReports reports("top");
    CHECK_FALSE(reports.put(report_of("top"), now));
    auto status = report_of("middle");
    status.below.push_back({{"middle", "top"}, "bottom", "b", "1", 1, 0, {}});
    status.below.push_back({{"middle"}, "top", "b", "1", 1, 0, {}});
    status.below.push_back({std::vector<std::string>(wire::most_levels_below, "middle"), "deep", "b", "1", 1, 0, {}});
    status.below.push_back({{"middle"}, "late", "b", "1", 1, 30'001, {}});
    REQUIRE(reports.put(status, now));
    CHECK(reports.metrics().dropped.value() == 4);
    REQUIRE(reports.due(now).size() == 1);
    CHECK(reports.due(now + 30'001).empty());
    CHECK(reports.metrics().dropped.value() == 5);
}

TEST_CASE("the number of relays is bounded") {
    ChildReports reports("top");
    for (std::size_t i = 0; i < wire::most_relays_below; ++i)
        REQUIRE(reports.put(report_of("r" + std::to_string(i)), now));
    REQUIRE(reports.put(report_of("one-more"), now));
    CHECK(reports.waiting() == wire::most_relays_below);
    CHECK(reports.metrics().dropped.value() == 1);
    REQUIRE(reports.put(report_of("r0", 2), now));  // it has its place
    CHECK(reports.metrics().dropped.value() == 1);
}

TEST_CASE("a large report is divided, and all relays come in turn") {
    ChildReports reports("top");
    constexpr std::size_t relays = 20;
    for (std::size_t i = 0; i < relays; ++i) {
        auto status = report_of("r" + std::to_string(i));
        for (int env = 0; env < 400; ++env)
            status.environments.push_back({"e_" + std::to_string(env), {1, 1}, Sha256{}, {}, "", ""});
        REQUIRE(reports.put(std::move(status), now));
    }
    std::size_t passed = 0;
    for (std::size_t round = 0; round < relays && passed < relays; ++round) {
        const auto due = reports.due(now);
        REQUIRE(due.size() < relays);
        passed += due.size();
        reports.passed_up();
    }
    CHECK(passed == relays);
}

TEST_CASE("what a relay below puts into its report does not make this one's too large") {
    ChildReports reports("top");
    const std::string bell = GENERATE(std::string(1, '\a'), std::string("x"));
    const auto repeated = [&bell](std::size_t n) {
        std::string text;
        while (text.size() < n) text += bell;
        return text;
    };
    for (int i = 0; i < 20; ++i) {
        auto status = report_of("r" + std::to_string(i));
        status.boot = repeated(100);
        for (int env = 0; env < 500; ++env) {
            status.environments.push_back({"e_" + std::to_string(env),
                                           {1, 1},
                                           Sha256{},
                                           wire::EnvironmentState::rejected,
                                           repeated(100),
                                           repeated(1024)});
        }
        REQUIRE(reports.put(std::move(status), now));
    }
    auto own = report_of("top");
    own.below = reports.due(now);
    CHECK(!own.below.empty());
    CHECK(wire::parse_relay_status(wire::to_json(own)));
    auto huge = report_of("huge");
    huge.environments.clear();
    for (int env = 0; env < 1'000; ++env)
        huge.environments.push_back({"e_" + std::to_string(env), {1, 1}, Sha256{}, {}, repeated(100), ""});
    const auto waiting = reports.waiting();
    REQUIRE(reports.put(std::move(huge), now));
    CHECK(reports.waiting() == waiting + (bell == "x" ? 1 : 0));
}

TEST_CASE("what is passed up is a report that the other side accepts") {
    ChildReports middle("middle");
    ChildReports top("top");
    REQUIRE(middle.put(report_of("bottom"), now));
    auto of_middle = report_of("middle");
    of_middle.below = middle.due(now);
    const auto read = wire::parse_relay_status(wire::to_json(of_middle));
    REQUIRE(read);
    REQUIRE(top.put(*read, now));
    auto of_top = report_of("top");
    of_top.below = top.due(now);
    const auto last = wire::parse_relay_status(wire::to_json(of_top));
    REQUIRE(last);
    CHECK(*last == of_top);
    of_top.relay = "other";  // whose paths these are not
    CHECK_FALSE(wire::parse_relay_status(wire::to_json(of_top)));
}
