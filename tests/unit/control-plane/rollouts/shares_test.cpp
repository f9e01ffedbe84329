// What a rollout does to a configuration: as little as possible.

#include "control-plane/rollouts/shares.hpp"

#include <catch2/catch.hpp>

#include "common/json/limits.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;

namespace {

Plan plan_of(const std::string& rule = "r") {
    Plan plan;
    plan.flag = "f";
    plan.rule = rule;
    plan.from = "off";
    plan.to = "on";
    return plan;
}

model::Split split_of(std::vector<model::Range> ranges, std::optional<std::string> otherwise) {
    model::Split split;
    split.ranges = std::move(ranges);
    split.otherwise = std::move(otherwise);
    return split;
}

model::FlagConfig config_of(model::Serve serve) {
    model::FlagConfig config;
    config.enabled = true;
    for (const auto* id : {"before", "r", "after"}) {
        model::Rule rule;
        rule.id = id;
        rule.serve = model::ServeVariation{"off"};
        config.rules.push_back(std::move(rule));
    }
    config.rules[1].serve = std::move(serve);
    config.fallthrough = model::ServeVariation{"off"};
    return config;
}

}  // namespace

TEST_CASE("the share of a rule that serves nothing but the two variations") {
    const auto plan = plan_of();
    CHECK(present_share(plan, model::ServeVariation{"off"}) == 0u);
    CHECK(present_share(plan, model::ServeVariation{"on"}) == limits::slots);
    CHECK_FALSE(present_share(plan, model::ServeVariation{"blue"}));
    CHECK(present_share(plan, split_of({{0, 1000, "on"}}, "off")) == 1000u);
    CHECK(present_share(plan, split_of({{0, 1000, "off"}}, "on")) == 99'000u);
    CHECK(present_share(plan, split_of({{0, 40'000, "on"}, {40'000, 100'000, "off"}}, std::nullopt)) == 40'000u);
    CHECK_FALSE(present_share(plan, split_of({{0, 1000, "blue"}}, "off")));
    CHECK_FALSE(present_share(plan, split_of({{0, 1000, "on"}}, "next")));
    CHECK_FALSE(present_share(plan, split_of({{0, 1000, "on"}}, "blue")));
}

TEST_CASE("each share adds to the one before: nobody who has the new variation loses it") {
    const auto plan = plan_of();
    model::Serve serve = model::ServeVariation{"off"};
    std::vector<model::Range> before;
    for (const std::uint32_t share : {1'000u, 5'000u, 10'000u, 50'000u, 99'999u}) {
        serve = with_share(plan, serve, share);
        CHECK(present_share(plan, serve) == share);
        const auto& split = std::get<model::Split>(serve);
        CHECK(split.otherwise == "off");
        for (const auto& range : before) {
            bool is_inside = false;
            for (const auto& now : split.ranges)
                is_inside = is_inside || (now.from <= range.from && range.to <= now.to && now.variation == "on");
            CHECK(is_inside);
        }
        before = split.ranges;
    }
    CHECK(with_share(plan, serve, limits::slots) == model::Serve(model::ServeVariation{"on"}));
    CHECK(with_share(plan, serve, 0) == model::Serve(model::ServeVariation{"off"}));
}

TEST_CASE("an offset moves the line: others are first, and nobody loses it") {
    auto plan = plan_of();
    plan.offset = 90'000;
    const auto ranges_of = [](const model::Serve& serve) { return std::get<model::Split>(serve).ranges; };
    model::Serve serve = with_share(plan, model::ServeVariation{"off"}, 5'000);
    CHECK(ranges_of(serve) == std::vector<model::Range>{{90'000, 95'000, "on"}});
    serve = with_share(plan, serve, 10'000);
    CHECK(ranges_of(serve) == std::vector<model::Range>{{90'000, 100'000, "on"}});
    serve = with_share(plan, serve, 30'000);  // the line goes on at its beginning
    CHECK(ranges_of(serve) == std::vector<model::Range>{{0, 20'000, "on"}, {90'000, 100'000, "on"}});
    CHECK(present_share(plan, serve) == 30'000u);
    serve = with_share(plan, serve, 99'999);
    CHECK(ranges_of(serve) == std::vector<model::Range>{{0, 89'999, "on"}, {90'000, 100'000, "on"}});
    CHECK(with_share(plan, serve, limits::slots) == model::Serve(model::ServeVariation{"on"}));
}

TEST_CASE("with an offset, too, the ranges that are there stay where they are") {
    auto plan = plan_of();
    plan.offset = 50'000;
    const auto serve = with_share(plan, split_of({{40'000, 60'000, "on"}}, "off"), 30'000);
    const auto& ranges = std::get<model::Split>(serve).ranges;
    CHECK(present_share(plan, serve) == 30'000u);
    const auto has = [&](std::uint32_t from, std::uint32_t to) {
        return std::any_of(ranges.begin(), ranges.end(), [&](const model::Range& range) {
            return range.variation == "on" && range.from <= from && range.to >= to;
        });
    };
    CHECK(has(40'000, 60'000));
}

TEST_CASE("the bucketing of a split stays, whatever its layout") {
    auto split = split_of({{0, 90'000, "off"}}, "on");
    split.by = "/org/id";
    split.salt = "mine";
    split.hash = model::Hash::djb2;
    const auto serve = with_share(plan_of(), split, 20'000);
    const auto& grown = std::get<model::Split>(serve);
    CHECK(grown.by == "/org/id");
    CHECK(grown.salt == "mine");
    CHECK(grown.hash == model::Hash::djb2);
    CHECK(present_share(plan_of(), serve) == 20'000u);
    const auto holds_old = std::any_of(grown.ranges.begin(), grown.ranges.end(), [](const model::Range& range) {
        return range.variation == "on" && range.from <= 90'000 && range.to == 100'000;
    });
    CHECK(holds_old);
}

TEST_CASE("the rule and those before it are the basis; what comes after is not") {
    const auto plan = plan_of();
    const auto config = config_of(model::ServeVariation{"off"});
    const auto basis = basis_of(plan, config);
    auto other = config;
    other.rules.pop_back();
    other.targets.push_back({"targetingKey", {"a"}, "on"});
    other.fallthrough = model::ServeVariation{"on"};
    CHECK(basis_of(plan, other) == basis);
    other = config;
    other.rules[0].serve = model::ServeVariation{"on"};
    CHECK(basis_of(plan, other) != basis);
    other = config;
    other.rules[1].when.kind = model::Condition::Kind::any;
    CHECK(basis_of(plan, other) != basis);
    const auto all = plan_of("");
    CHECK(basis_of(all, config) != basis);
    other = config;
    other.rules.pop_back();
    CHECK(basis_of(all, other) != basis_of(all, config));
}

TEST_CASE("conflicts") {
    const auto plan = plan_of();
    auto config = config_of(model::ServeVariation{"off"});
    Progress progress;
    progress.basis = basis_of(plan, config);
    CHECK(conflict_of(plan, progress, &config) == Conflict::none);
    CHECK(conflict_of(plan, progress, nullptr) == Conflict::flag_gone);
    config.enabled = false;
    CHECK(conflict_of(plan, progress, &config) == Conflict::flag_off);
    config.enabled = true;
    set_served(plan, config, split_of({{0, 10, "on"}}, "off"));
    CHECK(conflict_of(plan, progress, &config) == Conflict::changed);
    set_served(plan, config, model::ServeVariation{"blue"});
    CHECK(conflict_of(plan, progress, &config) == Conflict::rule_gone);
    config.rules.erase(config.rules.begin() + 1);
    CHECK(conflict_of(plan, progress, &config) == Conflict::rule_gone);
    CHECK(served_by(plan_of(""), config) == &config.fallthrough);
}
