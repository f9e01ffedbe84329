#include "control-plane/projects/settings.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp;

namespace {

constexpr std::string_view present =
    R"({"key":"qa","name":"QA","description":"d","protected":true,"order":3,"colour":"#3b82f6","env_id":"e_1",)"
    R"("ruleset_version":"1.2","created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"})";

std::string problems(const Error& error) {
    std::string text;
    for (const auto& finding : error.findings) text += finding.pointer + ' ' + finding.code + ';';
    return text;
}

// The settings that a body makes of `present`, or what is wrong with it.
std::string changed(std::string_view body, bool is_patch) {
    json::Document document;
    REQUIRE(document.parse(std::string(body)));
    const auto made = projects::changed_environment({document.root(), is_patch, present, "qa"}, 3);
    if (!made) return problems(made.error());
    return made->name + '|' + made->description + '|' + (made->is_protected ? "protected" : "") + '|' +
           std::to_string(made->order) + '|' + made->colour;
}

std::string created(std::string_view body) {
    json::Document document;
    REQUIRE(document.parse(std::string(body)));
    const auto made = projects::read_new_environment(document.root());
    if (!made) return problems(made.error());
    return made->key + '|' + made->settings.name + '|' + (made->is_placed ? std::to_string(made->settings.order) : "") +
           '|' + made->settings.colour + '|' + made->copy_of;
}

}  // namespace

TEST_CASE("a patch of an environment changes what it names and keeps the rest") {
    CHECK(changed("{}", true) == "QA|d|protected|3|#3b82f6");
    CHECK(changed(R"({"name":"Tests","order":0})", true) == "Tests|d|protected|0|#3b82f6");
    CHECK(changed(R"({"colour":"","protected":false})", true) == "QA|d||3|");
}

TEST_CASE("a replaced environment has defaults for what is not given, but for its order") {
    CHECK(changed("{}", false) == "qa|||3|");
    CHECK(changed(present, false) == "QA|d|protected|3|#3b82f6");
}

TEST_CASE("the key of an environment is fixed, and what is derived cannot be patched") {
    CHECK(changed(R"({"key":"qa2"})", true) == "/key immutable;");
    CHECK(changed(R"({"key":"qa2"})", false) == "/key immutable;");
    CHECK(changed(R"({"key":"qa"})", true) == "QA|d|protected|3|#3b82f6");
    CHECK(changed(R"({"env_id":"e_2"})", true) == "/env_id read_only;");
    CHECK(changed(R"({"env_id":"e_2"})", false) == "qa|||3|");
}

TEST_CASE("settings of an environment that cannot be are found at their places") {
    CHECK(changed(R"({"colour":"blue"})", true) == "/colour bad_colour;");
    CHECK(changed(R"({"colour":"#12345"})", true) == "/colour bad_colour;");
    CHECK(changed(R"({"colour":"#ABCDEF"})", true) == "QA|d|protected|3|#abcdef");
    CHECK(changed(R"({"order":1001})", true) == "/order out_of_range;");
    CHECK(changed(R"({"order":-1})", true) == "/order out_of_range;");
    CHECK(changed(R"({"name":")" + std::string(201, 'x') + "\"}", true) == "/name too_long;");
    CHECK(changed(R"({"description":")" + std::string(2001, 'x') + "\"}", true) == "/description too_long;");
    CHECK(changed(R"({"position":1})", true) == "/position unknown_field;");
}

TEST_CASE("a protected environment is confirmed at least") {
    const auto confirmation = [](std::string_view body) {
        json::Document document;
        REQUIRE(document.parse(std::string(body)));
        const auto made = projects::changed_environment({document.root(), false, present, "qa"}, 3);
        return made ? std::string(projects::name_of(made->confirmation)) : problems(made.error());
    };
    CHECK(confirmation("{}") == "none");
    CHECK(confirmation(R"({"confirmation":"type"})") == "type");
    CHECK(confirmation(R"({"protected":true})") == "confirm");
    CHECK(confirmation(R"({"protected":true,"confirmation":"none"})") == "confirm");
    CHECK(confirmation(R"({"protected":true,"confirmation":"type"})") == "type");
    CHECK(confirmation(R"({"confirmation":"shout"})") == "/confirmation bad_value;");
}

TEST_CASE("stages of an environment are off, or as they are given with defaults for the rest") {
    const auto staging = [](const std::string& body, bool is_patch = true,
                            std::string_view held = R"({"key":"qa","staging":{"label":"a","soak_seconds":5,)"
                                                    R"("hold_seconds":50,"without_canaries":"release"}})") {
        json::Document document;
        REQUIRE(document.parse(body));
        const auto made = projects::changed_environment({document.root(), is_patch, held, "qa"}, 3);
        if (!made) return problems(made.error());
        if (!made->staging) return std::string("off");
        const auto& s = *made->staging;
        return s.label + ' ' + std::to_string(s.soak_seconds) + ' ' + std::to_string(s.hold_seconds) + ' ' +
               std::string(projects::name_of(s.without_canaries));
    };
    CHECK(staging("{}") == "a 5 50 release");
    CHECK(staging(R"({"staging":{"soak_seconds":6}})") == "a 6 50 release");
    CHECK(staging(R"({"staging":null})") == "off");
    CHECK(staging("{}", false) == "off");
    CHECK(staging(R"({"staging":{}})", false) == "canary 600 3600 hold");
    CHECK(staging(R"({"staging":{"soak_seconds":7200}})", false) == "canary 7200 14400 hold");
    CHECK(staging(R"({"staging":{"soak_seconds":50}})") == "/staging/hold_seconds out_of_range;");
    CHECK(staging(R"({"staging":{"soak_seconds":604801}})") == "/staging/soak_seconds out_of_range;");
    CHECK(staging(R"({"staging":{"label":"A"}})") == "/staging/label bad_label;");
    CHECK(staging(R"({"staging":{"without_canaries":"drop"}})") == "/staging/without_canaries bad_value;");
    CHECK(staging(R"({"staging":{"soak":1}})") == "/staging/soak unknown_field;");
    CHECK(staging(R"({"staging":7})") == "/staging wrong_type;");
}

TEST_CASE("a new environment comes last unless its order is given") {
    CHECK(created(R"({"key":"qa"})") == "qa|qa|||");
    CHECK(created(R"({"key":"qa","order":0,"colour":"#000000","copy_of":"staging"})") == "qa|qa|0|#000000|staging");
    CHECK(created(R"({"name":"no key"})") == "/key missing;");
}

TEST_CASE("organisations and projects have names, and projects descriptions") {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"web","name":"Web","description":"d"})"));
    const auto made = projects::read_new_project(document.root());
    REQUIRE(made);
    CHECK(made->settings == projects::ProjectSettings{"Web", "d"});
    CHECK(problems(projects::read_new_org(document.root()).error()) == "/description unknown_field;");
}
