// Instructions for lists alone, and the same among others, which change the resource as JSON.

#include "control-plane/segments/list_instructions.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "control-plane/segments/segment_patch.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/seed.hpp"

using namespace fanion;
using cp::body::Patch;
using cp::body::Patched;
using cp::body::PatchForm;
using cp::segments::SegmentEnvironment;

namespace {

class Lists {
public:
    explicit Lists(unsigned seed) : random_(seed) {}

    bool coin() { return random_() % 2 == 0; }
    std::string value() { return std::to_string(random_() % 6); }
    std::string attribute() { return coin() ? "email" : "id"; }
    SegmentEnvironment present() {
        SegmentEnvironment environment{"production", {}, 3, 1};
        for (auto* lists : {&environment.members.included, &environment.members.excluded})
            for (unsigned i = 0, count = random_() % 4; i < count; ++i) lists->push_back({attribute(), values(), {}});
        environment.members.rules.emplace_back().when.kind = model::Condition::Kind::all;
        return environment;
    }
    std::string instruction() {
        static constexpr const char* verbs[] = {"add_", "remove_", "replace_"};
        std::string list;
        for (const auto& one : values()) list += (list.empty() ? "\"" : ",\"") + one + '"';
        return R"({"kind":")" + std::string(verbs[random_() % 3]) + (coin() ? "included" : "excluded") +
               R"(","attribute":")" + attribute() + R"(","values":[)" + list + "]}";
    }

private:
    std::vector<std::string> values() {
        std::vector<std::string> some;
        for (unsigned i = 0, count = 1 + random_() % 4; i < count; ++i) some.push_back(value());
        return some;
    }
    std::mt19937 random_;
};

std::optional<Patched<SegmentEnvironment>> edited(const SegmentEnvironment& present, const std::string& instructions) {
    json::Document document;
    REQUIRE(document.parse(R"({"instructions":[)" + instructions + "]}"));
    return cp::segments::edited_lists(present, cp::segments::to_json("b", present), document.root());
}

// With instructions for rules that change nothing.
Patched<SegmentEnvironment> edited_as_json(const SegmentEnvironment& present, const std::string& instructions) {
    const auto body = R"({"instructions":[)" + instructions +
                      R"(,{"kind":"add_rule","at":0,"when":{"all":[]}},{"kind":"remove_rule","at":0}]})";
    json::Document document;
    REQUIRE(document.parse(body));
    cp::segments::SegmentDefinition definition;
    definition.key = "b";
    auto made = cp::segments::patch_segment_members(definition, present, cp::segments::to_json("b", present),
                                                    Patch{PatchForm::instructions, document.root()});
    REQUIRE(made);
    return std::move(*made);
}

// Where places of the lists come from.
std::vector<std::string> origins(const Patched<SegmentEnvironment>& made) {
    std::vector<Finding> findings;
    for (const auto* list : {"/included/", "/excluded/"}) {
        for (int i = 0; i < 6; ++i) {
            for (const auto* part : {"/attribute", "/values", "/values/1"})
                findings.push_back({"", list + std::to_string(i) + part, "code", "detail"});
        }
    }
    made.places.locate(findings, "segment/b");
    std::vector<std::string> found;
    for (const auto& finding : findings) found.push_back(finding.item + ' ' + finding.pointer);
    return found;
}

}  // namespace

TEST_CASE("instructions for lists make the same of them as among others, and know the same places") {
    Lists random(test::seed_or(5));
    for (int round = 0; round < 500; ++round) {
        const auto present = random.present();
        auto instructions = random.instruction();
        while (random.coin()) instructions += ',' + random.instruction();
        INFO(cp::segments::to_json("b", present) << '\n' << instructions);
        const auto made = edited(present, instructions);
        REQUIRE(made);
        const auto expected = edited_as_json(present, instructions);
        CHECK(made->after == expected.after);
        CHECK(origins(*made) == origins(expected));
    }
}

TEST_CASE("what is not about lists, or is wrong, is left to the instructions on JSON") {
    Lists random(test::seed_or(5));
    const auto present = random.present();
    const std::string add = R"({"kind":"add_included","values":["a"]})";
    REQUIRE(edited(present, add));
    for (const auto* other :
         {R"({"kind":"remove_rule","at":0})", R"({"kind":"add_included","values":[]})",
          R"({"kind":"add_included","values":["a",7]})", R"({"kind":"add_included","values":["a"],"more":1})",
          R"({"kind":"add_excluded","attribute":"","values":["a"]})", R"({"kind":"replace_included"})",
          R"({"kind":"add_nobody","values":["a"]})", R"({"kind":7})", "7"}) {
        INFO(other);
        CHECK_FALSE(edited(present, add + ',' + other));
        CHECK_FALSE(edited(present, other));
    }
    CHECK_FALSE(edited(present, ""));
}
