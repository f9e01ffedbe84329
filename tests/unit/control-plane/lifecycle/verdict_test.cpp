// When a flag is done with, as a table.

#include <catch2/catch.hpp>

#include "control-plane/lifecycle/verdict.hpp"

using namespace fanion;
using namespace fanion::cp::lifecycle;
using cp::flags::Lifetime;

namespace {

constexpr UnixMillis day = 24LL * 60 * 60 * 1000;
constexpr UnixMillis now = 1'763'719'200'000;

// A time so many days ago.
UnixMillis ago(double days) { return now - static_cast<UnixMillis>(days * static_cast<double>(day)); }

// Of a flag that is old, in one environment that is old too.
struct Row {
    const char* rule;
    std::vector<VariationSeen> seen;
    const char* expected;  // "reason since keep", since in days
};

std::string text_of(const LifeFinding& finding) {
    auto text = std::string(name_of(finding.reason)) + ' ' + std::to_string((now - finding.since) / day);
    if (finding.keep) text += ' ' + (finding.keep->empty() ? "default" : *finding.keep);
    return text;
}
std::string text_of(const std::optional<LifeFinding>& finding) { return finding ? text_of(*finding) : "nothing"; }

FlagLife old_flag(std::vector<std::vector<VariationSeen>> environments) {
    FlagLife flag{std::nullopt, false, ago(300), {}};
    for (auto& seen : environments) flag.environments.push_back({"e", ago(200), std::move(seen)});
    return flag;
}

std::string overall(const FlagLife& flag, const Settings& settings = {}) {
    std::string all;
    const auto verdict = judge(flag, settings, now);
    for (const auto& finding : verdict.overall) all += (all.empty() ? "" : ", ") + text_of(finding);
    return all.empty() ? "nothing" : all;
}

const std::vector<VariationSeen> always_on{{"on", ago(100), ago(0)}};
const std::vector<VariationSeen> always_off{{"off", ago(60), ago(1)}};
const std::vector<VariationSeen> both_seen{{"on", ago(100), ago(0)}, {"off", ago(100), ago(1)}};

}  // namespace

TEST_CASE("what is found in one environment") {
    const Row rows[] = {
        {"never evaluated, since the younger of flag and environment", {}, "unused 200"},
        {"not evaluated for longer than 14 days", {{"on", ago(100), ago(20)}, {"off", ago(100), ago(15)}}, "unused 15"},
        {"not evaluated for 14 days to the moment", {{"on", ago(100), ago(14)}}, "unused 14"},
        {"evaluated a moment less than 14 days ago", {{"on", ago(20), ago(14) + 1}}, "nothing"},
        {"one variation from the beginning", {{"on", ago(100), ago(0)}}, "constant 100 on"},
        {"one variation since the other ended",
         {{"on", ago(100), ago(0)}, {"off", ago(100), ago(31)}},
         "constant 31 on"},
        {"the other ended 30 days ago to the moment",
         {{"on", ago(99), ago(0)}, {"off", ago(99), ago(30)}},
         "constant 30 on"},
        {"the other ended a moment later", {{"on", ago(99), ago(0)}, {"off", ago(99), ago(30) + 1}}, "nothing"},
        {"the one began less than 30 days ago", {{"on", ago(29), ago(0)}, {"off", ago(99), ago(40)}}, "nothing"},
        {"two variations", {{"on", ago(99), ago(0)}, {"off", ago(99), ago(0)}}, "nothing"},
        {"the caller's own default is an answer", {{"", ago(50), ago(0)}}, "constant 50 default"},
        {"evaluated for the first time today", {{"on", ago(0), ago(0)}}, "nothing"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(text_of(judge(old_flag({row.seen}), {}, now).environments[0]) == row.expected);
    }
}

TEST_CASE("a new flag and a new environment are not unused") {
    auto flag = old_flag({{}});
    flag.created_at = ago(13);
    CHECK(overall(flag) == "nothing");
    flag.created_at = ago(100);
    flag.environments[0].created_at = ago(13);
    CHECK(overall(flag) == "nothing");
}

TEST_CASE("as a whole a flag is what all environments say") {
    CHECK(overall(old_flag({always_on, always_on})) == "constant 100 on");
    CHECK(overall(old_flag({always_on, {{"on", ago(40), ago(0)}}})) == "constant 40 on");
    CHECK(overall(old_flag({always_on, {}})) == "constant 100 on");
    CHECK(overall(old_flag({{}, always_off})) == "constant 60 off");
    CHECK(overall(old_flag({always_on, always_off})) == "nothing");
    CHECK(overall(old_flag({always_on, both_seen})) == "nothing");
    CHECK(overall(old_flag({{}, {}})) == "unused 200");
    CHECK(overall(old_flag({{}, both_seen})) == "nothing");
    CHECK(overall(old_flag({})) == "nothing");
}

TEST_CASE("a flag is past its lifetime by its age, and stays if its lifetime has no days") {
    auto flag = old_flag({both_seen});
    flag.created_at = ago(40);
    CHECK(overall(flag) == "nothing");
    flag.lifetime = Lifetime::release;
    CHECK(overall(flag) == "expired 0");
    flag.created_at = ago(40) + 1;
    CHECK(overall(flag) == "nothing");
    flag = old_flag({always_on});
    flag.lifetime = Lifetime::experiment;
    CHECK(overall(flag) == "constant 100 on, expired 260");
    flag.lifetime = Lifetime::operational;
    CHECK(overall(flag) == "nothing");
    flag.environments[0].seen.clear();
    CHECK(overall(flag) == "unused 200");
    Settings settings;
    settings.lifetime_days[static_cast<std::size_t>(Lifetime::operational)] = 299;
    CHECK(overall(flag, settings) == "unused 200, expired 1");
}

TEST_CASE("days are the project's, and nothing is said of an archived flag") {
    Settings settings;
    settings.constant_days = 101;
    CHECK(overall(old_flag({always_on}), settings) == "nothing");
    settings.unused_days = 201;
    CHECK(overall(old_flag({{}}), settings) == "nothing");
    auto flag = old_flag({{}});
    flag.is_archived = true;
    flag.lifetime = Lifetime::release;
    CHECK(overall(flag) == "nothing");
}
