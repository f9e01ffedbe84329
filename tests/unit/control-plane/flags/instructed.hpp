#pragma once

// A flag, and what instructions make of it.

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "control-plane/body/instructions.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "tests/support/catch_result.hpp"

namespace fanion::test {

using cp::body::Patch;
using cp::body::PatchForm;
using cp::flags::FlagDefinition;
using cp::flags::FlagEnvironment;

constexpr UnixMillis instructed_at = 1'763'720'000'000;

inline std::string new_id() { return "r-new"; }

inline cp::flags::NewFlag colours() {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"c","type":"string","tags":["a"],"variations":[{"key":"red","value":"r"},
        {"key":"blue","value":"b"},{"key":"green","value":"g"}],"environments":{"production":{"enabled":true,
        "off":"red","prerequisites":[{"flag":"p","variations":["on"]}],
        "targets":[{"attribute":"targetingKey","values":["ann","bob"],"variation":"blue"}],
        "rules":[{"id":"r1","when":{"all":[]},"serve":{"split":{"ranges":[[0,10000,"blue"]],"otherwise":"red"}}},
                 {"id":"r2","when":{"all":[]},"serve":{"variation":"blue"}}],
        "fallthrough":{"variation":"red"}}}})"));
    auto made = cp::flags::create_flag(document.root(), {"production"}, new_id, instructed_at);
    REQUIRE(made);
    return *made;
}

// The body of one instruction, or of several with a comma between.
inline std::string body_of(const std::string& instructions) { return R"({"instructions":[)" + instructions + "]}"; }

inline Result<FlagEnvironment> instruct(const std::string& body) {
    const auto flag = colours();
    json::Document document;
    REQUIRE(document.parse(body));
    auto patched = cp::flags::patch_flag_config(flag.definition, flag.environments[0],
                                                cp::flags::to_json("c", flag.environments[0]),
                                                Patch{PatchForm::instructions, document.root()}, new_id);
    if (!patched) return patched.error();
    return patched->after;
}

// A member of the configuration that the instructions make, as JSON.
inline std::string made(const std::string& instructions, std::string_view member) {
    const auto config = instruct(body_of(instructions));
    if (!config) return describe(config.error());
    const auto tree = json::Tree::parse(cp::flags::config_json(config->config));
    return tree->find(member)->to_text();
}

inline std::string rule_ids(const std::string& instructions) {
    const auto config = instruct(body_of(instructions));
    if (!config) return describe(config.error());
    std::string ids;
    for (const auto& rule : config->config.rules) ids += (ids.empty() ? "" : " ") + rule.id;
    return ids;
}

using Places = std::vector<std::string>;

inline Places places(const Error& error) {
    Places found;
    for (const auto& finding : error.findings)
        found.push_back((finding.item.empty() ? "" : finding.item + ' ') + finding.pointer + ' ' + finding.code);
    return found;
}

inline Places refused(const std::string& body) {
    const auto config = instruct(body);
    return config ? Places{"accepted"} : places(config.error());
}

// The same for one instruction, behind another.
inline Places refused_second(const std::string& instruction) {
    return refused(body_of(R"({"kind":"turn_on"},)" + instruction));
}

inline cp::flags::NewFlag in_two_environments() {
    auto flag = colours();
    flag.environments.push_back(flag.environments[0]);
    flag.environments[1].environment = "staging";
    flag.environments[1].config = cp::flags::default_config(flag.definition);
    return flag;
}

using PatchedFlag = cp::items::PatchedDefinition<FlagDefinition, FlagEnvironment>;

inline Result<PatchedFlag> instruct_definition(const std::string& instructions) {
    const auto flag = in_two_environments();
    json::Document document;
    REQUIRE(document.parse(body_of(instructions)));
    return cp::flags::patch_flag(flag.definition, cp::flags::to_json(flag.definition),
                                 Patch{PatchForm::instructions, document.root()}, flag.environments);
}

inline Places refused_definition(const std::string& instructions) {
    const auto patched = instruct_definition(instructions);
    return patched ? Places{"accepted"} : places(patched.error());
}

inline std::string definition_member(const std::string& instructions, std::string_view member) {
    const auto patched = instruct_definition(instructions);
    if (!patched) return describe(patched.error());
    return json::Tree::parse(cp::flags::to_json(patched->after))->find(member)->to_text();
}

}  // namespace fanion::test
