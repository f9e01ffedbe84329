// What the parameters of a list of flags mean, and whose cursor is taken.

#include "control-plane/flags/flag_search.hpp"

#include <catch2/catch.hpp>

#include "control-plane/flags/flag.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp;
using namespace fanion::cp::flags;

namespace {

std::string first_finding(const items::QueryParameters& parameters) {
    const auto search = read_flag_search(parameters);
    if (search) return "none";
    const auto finding = search.error().findings.at(0);
    return finding.pointer + ' ' + finding.code;
}

}  // namespace

TEST_CASE("each parameter is a condition") {
    const auto search = read_flag_search({{"q", "check"},
                                          {"tag", "a"},
                                          {"tag", "b,c"},
                                          {"owner", ""},
                                          {"type", "json"},
                                          {"lifetime", "none"},
                                          {"state", "active"},
                                          {"environment", "production"},
                                          {"enabled", "false"},
                                          {"evaluated_before", "2026-11-21T10:00:00Z"},
                                          {"evaluated", "never"},
                                          {"sort", "-evaluated"},
                                          {"total", "true"}});
    REQUIRE(search);
    const auto& filter = search->filter;
    CHECK(search->text == "check");
    CHECK(filter.tags == std::vector<std::string>{"a", "b,c"});
    CHECK(filter.owner == "");
    CHECK(filter.type == model::FlagType::json);
    CHECK(filter.lifetime == "");
    CHECK(filter.is_archived == false);
    CHECK(filter.environment == "production");
    CHECK(filter.is_enabled == false);
    CHECK(filter.evaluated_before == 1'795'255'200'000);
    CHECK(filter.is_never_evaluated);
    CHECK(search->order == "evaluated");
    CHECK(search->is_descending);
    CHECK(search->wants_total);
    CHECK(read_flag_search({}).value().filter == FlagFilter{});
}

TEST_CASE("each kind of bad parameter has its finding") {
    CHECK(first_finding({{"type", "bool"}}) == "?type bad_value");
    CHECK(first_finding({{"lifetime", ""}}) == "?lifetime bad_value");
    CHECK(first_finding({{"state", "on"}}) == "?state bad_value");
    CHECK(first_finding({{"enabled", "true"}}) == "?enabled missing");
    CHECK(first_finding({{"environment", "e"}, {"enabled", "yes"}}) == "?enabled malformed");
    CHECK(first_finding({{"evaluated", "yesterday"}}) == "?evaluated bad_value");
    CHECK(first_finding({{"evaluated_after", "yesterday"}}) == "?evaluated_after bad_time");
    CHECK(first_finding({{"sort", "salt"}}) == "?sort bad_value");
    CHECK(first_finding({{"sort", "--key"}}) == "?sort bad_value");
    CHECK(first_finding({{"total", "1"}}) == "?total malformed");
    CHECK(first_finding(items::QueryParameters(50, {"tag", "a"})) == "none");
    CHECK(first_finding(items::QueryParameters(51, {"tag", "a"})) == "?tag too_many");
}

TEST_CASE("a cursor is taken with its own sort and filter only, in whatever order they are given") {
    const auto search = read_flag_search({{"sort", "name"}, {"q", "a"}}).value();
    const items::ListPosition last{"a name with spaces", "key"};
    const auto cursor = items::cursor_text(search, last);
    CHECK(items::read_position(search, cursor).value() == last);
    const auto same = read_flag_search({{"q", "a"}, {"limit", "7"}, {"sort", "name"}, {"cursor", "x"}}).value();
    CHECK(items::read_position(same, cursor).value() == last);
    for (const auto& other :
         {items::QueryParameters{{"sort", "-name"}, {"q", "a"}}, items::QueryParameters{{"sort", "name"}},
          items::QueryParameters{{"sort", "name"}, {"q", "b"}}}) {
        const auto position = items::read_position(read_flag_search(other).value(), cursor);
        REQUIRE_FALSE(position);
        CHECK(position.error().findings.at(0).code == "bad_cursor");
    }
    CHECK_FALSE(items::read_position(search, "key"));
    CHECK_FALSE(items::read_position(search, ""));
}

TEST_CASE("the share is what the fallthrough gives beside `off`") {
    model::FlagConfig config;
    config.off = "off";
    config.fallthrough = model::ServeVariation{"on"};
    CHECK(share_of(config) == 100);
    config.fallthrough = model::ServeVariation{"off"};
    CHECK(share_of(config) == 0);
    model::Split split;
    split.ranges = {{0, 12'500, "on"}, {12'500, 50'000, "off"}};
    split.otherwise = "off";
    config.fallthrough = split;
    CHECK(share_of(config) == 12.5);
    split.otherwise = "on";
    config.fallthrough = split;
    CHECK(share_of(config) == 62.5);
    config.off.reset();
    CHECK(share_of(config) == 100);
}
