#include "control-plane/body/references.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using cp::body::references_of;
using model::Condition;

namespace {

Condition in_segments(std::vector<std::string> keys) {
    Condition condition;
    condition.kind = Condition::Kind::segment;
    condition.op = model::Op::in_segment;
    for (auto& key : keys) condition.values.push_back({model::Literal::Kind::string, std::move(key)});
    return condition;
}

Condition nested(Condition child) {
    Condition negation;
    negation.kind = Condition::Kind::negation;
    negation.children.push_back(std::move(child));
    Condition all;
    all.kind = Condition::Kind::all;
    all.children.push_back(std::move(negation));
    return all;
}

}  // namespace

TEST_CASE("a flag refers to its prerequisites and to the segments in its conditions, at any depth") {
    model::FlagConfig config;
    CHECK(references_of(config) == cp::body::References{});
    config.prerequisites = {{"b", {"on"}}, {"a", {"on"}}, {"b", {"off"}}};
    config.rules.push_back({"r1", in_segments({"x", "y"}), {}});
    config.rules.push_back({"r2", nested(in_segments({"z"})), {}});
    const auto found = references_of(config);
    CHECK(found.flags == std::set<std::string>{"a", "b"});
    CHECK(found.segments == std::set<std::string>{"x", "y", "z"});
}

TEST_CASE("values of other conditions are no references") {
    model::FlagConfig config;
    Condition comparison;
    comparison.kind = Condition::Kind::comparison;
    comparison.values.push_back({model::Literal::Kind::string, "x"});
    config.rules.push_back({"r", comparison, {}});
    config.targets.push_back({"targetingKey", {"y"}, "on"});
    CHECK(references_of(config) == cp::body::References{});
}

TEST_CASE("a segment refers to other segments") {
    model::Segment segment;
    segment.rules.push_back({nested(in_segments({"inner"}))});
    const auto found = references_of(segment);
    CHECK(found.flags.empty());
    CHECK(found.segments == std::set<std::string>{"inner"});
}
