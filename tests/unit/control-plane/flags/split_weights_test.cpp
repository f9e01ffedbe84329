// Splits written as percentages, and conditions written as text, in bodies of the admin API.

#include "control-plane/flags/split_weights.hpp"

#include <catch2/catch.hpp>

#include "common/model/json.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::flags::FlagDefinition;
using cp::flags::FlagEnvironment;

namespace {

std::string make_id() { return "r-new"; }

FlagDefinition three_colours() {
    FlagDefinition flag;
    flag.key = flag.salt = "f";
    flag.type = model::FlagType::string;
    flag.variations = {{"a", "\"a\""}, {"b", "\"b\""}, {"next", "\"n\""}};
    return flag;
}

FlagEnvironment environment_with(model::FlagConfig config) { return {"development", std::move(config), 1, 0}; }

using Edit = decltype(&cp::flags::replace_config);

Result<FlagEnvironment> patch_weights(const FlagDefinition& flag, const FlagEnvironment& present, json::Value patch,
                                      const cp::flags::MakeId& make_rule_id) {
    return cp::flags::patch_config(flag, present, cp::flags::to_json(flag.key, present), patch, make_rule_id);
}

Result<FlagEnvironment> edit(Edit how, const FlagEnvironment& present, const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return how(three_colours(), present, document.root(), make_id);
}

// The configuration after an edit that is right.
model::FlagConfig edited(Edit how, const FlagEnvironment& present, const std::string& text) {
    auto environment = edit(how, present, text);
    REQUIRE(environment);
    return environment->config;
}

std::vector<std::string> refused(const FlagEnvironment& present, const std::string& text) {
    const auto config = edit(patch_weights, present, text);
    REQUIRE_FALSE(config);
    std::vector<std::string> out;
    for (const auto& finding : config.error().findings) out.push_back(finding.pointer + " " + finding.code);
    return out;
}
using Places = std::vector<std::string>;

std::string split_of(const model::Serve& serve) {
    std::string out;
    json::Writer w(out);
    model::write_serve(w, serve);
    return out;
}

FlagEnvironment fresh() { return environment_with(cp::flags::default_config(three_colours())); }

}  // namespace

TEST_CASE("weights of a fallthrough become ranges, from the ranges it has") {
    auto present = environment_with(edited(
        cp::flags::replace_config, fresh(),
        R"({"fallthrough":{"split":{"weights":[{"variation":"a","weight":50},{"variation":"b","weight":50}]}}})"));
    CHECK(split_of(present.config.fallthrough) ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,50000,"a"],[50000,100000,"b"]]}})");
    const auto grown = edited(
        patch_weights, present,
        R"({"fallthrough":{"split":{"weights":[{"variation":"b","weight":62.5},{"variation":"a","weight":37.5}]}}})");
    CHECK(split_of(grown.fallthrough) ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,37500,"a"],[37500,100000,"b"]]}})");
    const auto replaced = edited(
        cp::flags::replace_config, present,
        R"({"fallthrough":{"split":{"weights":[{"variation":"b","weight":62.5},{"variation":"a","weight":37.5}]}}})");
    CHECK(split_of(replaced.fallthrough) == split_of(grown.fallthrough));
}

TEST_CASE("a rollout from one variation takes from it and keeps the rest") {
    auto config = cp::flags::default_config(three_colours());
    config.fallthrough = model::ServeVariation{"b"};
    const auto first = edited(
        patch_weights, environment_with(config),
        R"({"fallthrough":{"variation":null,"split":{"otherwise":"b","weights":[{"variation":"a","weight":0.001}]}}})");
    CHECK(split_of(first.fallthrough) ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,1,"a"]],"otherwise":"b"}})");
    const auto second = edited(patch_weights, environment_with(first),
                               R"({"fallthrough":{"split":{"weights":[{"variation":"a","weight":10}]}}})");
    CHECK(split_of(second.fallthrough) ==
          R"({"split":{"by":"targetingKey","hash":"murmur3","ranges":[[0,10000,"a"]],"otherwise":"b"}})");
}

TEST_CASE("a rule's weights follow the rule of the same id, wherever it moved") {
    const auto present = environment_with(edited(
        cp::flags::replace_config, fresh(),
        R"({"rules":[{"id":"r-1","when":{"all":[]},"serve":{"split":{"ranges":[[20000,30000,"a"]],"otherwise":"next"}}}],)"
        R"("fallthrough":{"variation":"a"}})"));
    const auto rule = [&](const std::string& id, const std::string& split) {
        const auto config = edited(patch_weights, present,
                                   R"({"rules":[{"when":{"any":[]},"serve":{"variation":"b"}},{)" + id +
                                       R"("when":{"all":[]},"serve":{"split":)" + split + "}}]}");
        return split_of(config.rules.at(1).serve);
    };
    const auto ranges = [](const std::string& text) {
        const auto start = text.find("\"ranges\":") + 9;
        return text.substr(start, text.find(",\"otherwise\"") - start);
    };
    const std::string fifteen = R"({"weights":[{"variation":"a","weight":15}],"otherwise":"next"})";
    CHECK(ranges(rule(R"("id":"r-1",)", fifteen)) == R"([[15000,30000,"a"]])");
    CHECK(ranges(rule(R"("id":"r-2",)", fifteen)) == R"([[0,15000,"a"]])");
    CHECK(ranges(rule("", fifteen)) == R"([[0,15000,"a"]])");
    // `next` after the ranges is to go on, a variation of that name is another thing.
    CHECK(ranges(rule(
              R"("id":"r-1",)",
              R"({"weights":[{"variation":"next","weight":5},{"variation":"a","weight":10}],"otherwise":"next"})")) ==
          R"([[20000,30000,"a"],[30000,35000,"next"]])");
}

TEST_CASE("another bucketing starts anew; the flag's salt by name is the same one") {
    const auto present =
        environment_with(edited(cp::flags::replace_config, fresh(),
                                R"({"fallthrough":{"split":{"ranges":[[20000,30000,"a"]],"otherwise":"b"}}})"));
    const auto ranges = [&](const char* bucketing) {
        const auto config = edited(cp::flags::replace_config, present,
                                   R"({"fallthrough":{"split":{)" + std::string(bucketing) +
                                       R"("weights":[{"variation":"a","weight":10}],"otherwise":"b"}}})");
        return std::get<model::Split>(config.fallthrough).ranges.at(0).from;
    };
    CHECK(ranges("") == 20'000);
    CHECK(ranges(R"("by":"targetingKey","salt":"f","hash":"murmur3",)") == 20'000);
    CHECK(ranges(R"("by":"device",)") == 0);
    CHECK(ranges(R"("salt":"g",)") == 0);
    CHECK(ranges(R"("hash":"djb2",)") == 0);
}

TEST_CASE("weights that are wrong are refused at their place") {
    const auto present = fresh();
    const auto weights = [&](const std::string& list, const std::string& more = "") {
        return refused(present, R"({"fallthrough":{"variation":null,"split":{"weights":)" + list + more + "}}}");
    };
    const std::string at = "/fallthrough/split/weights";
    CHECK(weights(R"([{"variation":"a","weight":60},{"variation":"b","weight":40.001}])") ==
          Places{at + " bad_weight"});
    CHECK(weights(R"([{"variation":"a","weight":33.3333}])") == Places{at + "/0/weight bad_weight"});
    CHECK(weights(R"([{"variation":"a","weight":-1}])") == Places{at + "/0/weight bad_weight"});
    CHECK(weights(R"([{"variation":"a","weight":"10"}])") == Places{at + "/0/weight bad_weight"});
    CHECK(weights(R"([{"variation":"z","weight":100}])") == Places{at + "/0/variation unknown_reference"});
    CHECK(weights(R"([{"variation":"a","weight":50},{"variation":"a","weight":50}])") ==
          Places{at + "/1/variation duplicate"});
    CHECK(weights(R"([{"variation":"a"}])") == Places{at + "/0/weight missing"});
    CHECK(weights(R"([{"variation":"a","weight":100,"colour":1}])") == Places{at + "/0/colour unknown_field"});
    CHECK(weights(R"({"a":100})") == Places{at + " wrong_type"});
    CHECK(weights(R"([1])").at(0).starts_with(at + "/0"));
    CHECK(weights(R"([{"variation":"a","weight":100}])", R"(,"ranges":[[0,100000,"a"]])") == Places{at + " malformed"});
    CHECK(weights(R"([{"variation":"a","weight":100}])", R"(,"colour":1)") ==
          Places{"/fallthrough/split/colour unknown_field"});
}

TEST_CASE("the error of too many percent says how many they are") {
    const auto config = edit(patch_weights, fresh(), R"({"fallthrough":{"variation":null,"split":{"weights":[
        {"variation":"a","weight":60},{"variation":"b","weight":60.5}]}}})");
    REQUIRE_FALSE(config);
    CHECK(config.error().findings.at(0).detail.find("120.5 %") != std::string::npos);
}

TEST_CASE("conditions written as text are stored as trees") {
    const auto config = edited(
        patch_weights, fresh(),
        R"({"rules":[{"when":"plan is 'pro'","serve":{"split":{"weights":[{"variation":"a","weight":10}],"otherwise":"next"}}}]})");
    std::string tree;
    json::Writer w(tree);
    model::write_condition(w, config.rules.at(0).when);
    CHECK(tree == R"({"attribute":"plan","op":"is","values":["pro"],"ignore_case":false})");
    CHECK(
        refused(
            fresh(),
            R"({"rules":[{"when":{"all":[]},"serve":{"variation":"a"}},{"when":"plan is","serve":{"variation":"a"}}]})") ==
        Places{"/rules/1/when bad_rule"});
}

TEST_CASE("segments' rules may be text too") {
    cp::segments::SegmentDefinition definition;
    definition.key = "s";
    const cp::segments::SegmentEnvironment present{"development", {}, 1, 0};
    json::Document document;
    REQUIRE(document.parse(R"({"rules":[{"when":"email ends with '@example.com'"}]})"));
    const auto body =
        cp::segments::patch_segment_config(definition, present, cp::segments::to_json("s", present), document.root());
    REQUIRE(body);
    CHECK(cp::segments::segment_config_json(body->members) ==
          R"({"included":[],"excluded":[],"rules":[{"when":{"attribute":"email","op":"ends_with",)"
          R"("values":["@example.com"],"ignore_case":false}}]})");
    REQUIRE(document.parse(R"({"rules":[{"when":"email ends with"}]})"));
    const auto wrong = cp::segments::replace_segment_config(definition, present, document.root());
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().findings.at(0).pointer == "/rules/0/when");
}

TEST_CASE("text that grows past all limits is refused, not a fault of ours") {
    std::string rules;
    const std::string when = "a exists" + [] {
        std::string out;
        for (int i = 0; i < 99; ++i) out += " or a exists";
        return out;
    }();
    for (int i = 0; i < 1'500; ++i)
        rules += (i == 0 ? "" : ",") + (R"({"when":")" + when + R"(","serve":{"variation":"a"}})");
    json::Document document;
    json::ScanLimits limits;
    REQUIRE(document.parse(R"({"rules":[)" + rules + "]}", limits));
    const auto config = patch_weights(three_colours(), fresh(), document.root(), make_id);
    REQUIRE_FALSE(config);
    CHECK(config.error().findings.at(0).code == "size");
}
