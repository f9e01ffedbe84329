#include "common/flagfile/difference.hpp"

#include <catch2/catch.hpp>

#include "common/flagfile/source.hpp"

using namespace fanion;
using namespace fanion::flagfile;

namespace {

Project project_of(const std::string& flags, const std::string& segments = "{}") {
    Fault fault;
    const auto source =
        Source::parse("fanion: 1\nproject: web\nsegments: " + segments + "\nflags: " + flags + "\n", fault);
    REQUIRE(fault.detail == "");
    std::vector<Finding> findings;
    auto project = read_project(source.root(), findings);
    REQUIRE(findings.empty());
    return project;
}

const std::set<std::string> both{"production", "staging"};

// One line for each change: "a production {..}{..}".
std::string changes(const Project& wanted, const Project& present, const std::set<std::string>& environments = both) {
    std::vector<Finding> findings;
    const auto found = difference(wanted, present, environments, findings);
    std::string out;
    for (const auto& finding : findings) out += "! " + finding.pointer + ' ' + finding.code + '\n';
    for (const auto& change : found.segments) out += "s " + change.segment + ' ' + change.environment + '\n';
    for (const auto& change : found.flags) {
        out += change.flag + ' ' + (change.environment.empty() ? "-" : change.environment);
        for (const auto& instruction : change.instructions) out += ' ' + instruction;
        out += '\n';
    }
    return out;
}

// Of one flag in production.
std::string config_changes(const std::string& wanted, const std::string& present) {
    const auto flag = [](const std::string& config) {
        return project_of("{a: {type: boolean, environments: {production: " + config + "}}}");
    };
    return changes(flag(wanted), flag(present));
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : " ") + name;
    return out;
}

}  // namespace

TEST_CASE("nothing differs from itself") {
    const auto* config =
        "{enabled: true, targets: [{attribute: k, variation: on, values: [b, a]}],"
        " rules: [{id: r, when: \"a is 'b'\", serve: {split: {weights: [{variation: on, weight: 10}], otherwise: "
        "next}}}]}";
    CHECK(config_changes(config, config) == "");
}

TEST_CASE("spellings of the same are no difference") {
    CHECK(config_changes("{rules: [{when: 'a is \"b\"', serve: {variation: on}}]}",
                         "{rules: [{id: r, when: \"a is 'b'\", serve: {variation: on}}]}") == "");
    CHECK(config_changes(
              "{targets: [{attribute: k, variation: on, values: [a]}, {attribute: k, variation: on, values: [b]}]}",
              "{targets: [{attribute: k, variation: on, values: [b, a]}]}") == "");
    CHECK(config_changes(
              "{fallthrough: {split: {weights: [{variation: on, weight: 10}], otherwise: off}}}",
              "{fallthrough: {split: {weights: [{variation: off, weight: 90.0}, {variation: on, weight: 1e1}]}}}") ==
          "");
}

TEST_CASE("each part of a configuration has its instruction") {
    CHECK(config_changes("{enabled: true}", "{}") == "a production {\"kind\":\"turn_on\"}\n");
    CHECK(config_changes("{}", "{enabled: true}") == "a production {\"kind\":\"turn_off\"}\n");
    CHECK(config_changes("{off: ~}", "{}") == "a production {\"kind\":\"set_off\",\"variation\":null}\n");
    CHECK(config_changes("{off: on}", "{}") == "a production {\"kind\":\"set_off\",\"variation\":\"on\"}\n");
    CHECK(config_changes("{fallthrough: {variation: off}}", "{}") ==
          "a production {\"kind\":\"set_fallthrough\",\"variation\":\"off\"}\n");
    CHECK(config_changes("{fallthrough: {split: {weights: [{variation: on, weight: 12.5}], otherwise: off}}}", "{}") ==
          "a production {\"kind\":\"set_fallthrough\",\"split\":{\"weights\":[{\"variation\":\"on\",\"weight\":12.5}],"
          "\"otherwise\":\"off\"}}\n");
    CHECK(config_changes("{prerequisites: [{flag: b, variations: [x]}, {flag: c, variations: [y]}]}",
                         "{prerequisites: [{flag: c, variations: [z]}, {flag: d, variations: [z]}]}") ==
          "a production {\"kind\":\"remove_prerequisite\",\"flag\":\"d\"}"
          " {\"kind\":\"add_prerequisite\",\"flag\":\"b\",\"variations\":[\"x\"]}"
          " {\"kind\":\"replace_prerequisite\",\"flag\":\"c\",\"variations\":[\"y\"]}\n");
}

TEST_CASE("a target leaves one variation before it joins another") {
    CHECK(config_changes("{targets: [{attribute: k, variation: off, values: [a, b]}]}",
                         "{targets: [{attribute: k, variation: on, values: [a, c]}]}") ==
          "a production {\"kind\":\"remove_targets\",\"attribute\":\"k\",\"variation\":\"on\",\"values\":[\"a\",\"c\"]}"
          " {\"kind\":\"add_targets\",\"attribute\":\"k\",\"variation\":\"off\",\"values\":[\"a\",\"b\"]}\n");
}

TEST_CASE("rules are matched by id, without one by content") {
    const std::string x = "{id: x, when: \"a is 'x'\", serve: {variation: on}}";
    const std::string y = "{id: y, when: \"a is 'y'\", serve: {variation: on}}";
    CHECK(config_changes("{rules: [" + y + "," + x + "]}", "{rules: [" + x + "," + y + "]}") ==
          "a production {\"kind\":\"reorder_rules\",\"rules\":[\"y\",\"x\"]}\n");
    CHECK(config_changes("{rules: [" + y + "]}", "{rules: [" + x + "," + y + "]}") ==
          "a production {\"kind\":\"remove_rule\",\"rule\":\"x\"}\n");
    CHECK(config_changes("{rules: [{when: \"a is 'n'\", serve: {variation: off}}, " + y + "]}",
                         "{rules: [" + x + "," + y + "]}") ==
          "a production {\"kind\":\"remove_rule\",\"rule\":\"x\"}"
          " {\"kind\":\"add_rule\",\"at\":0,\"when\":\"a is \\\"n\\\"\",\"serve\":{\"variation\":\"off\"}}\n");
    CHECK(config_changes("{rules: [{id: x, when: \"a is 'z'\", serve: {variation: on}}]}", "{rules: [" + x + "]}") ==
          "a production {\"kind\":\"replace_rule\",\"rule\":\"x\",\"when\":\"a is \\\"z\\\"\"}\n");
    CHECK(config_changes("{rules: [{id: x, when: \"a is 'x'\", serve: {variation: off}}]}", "{rules: [" + x + "]}") ==
          "a production {\"kind\":\"replace_rule\",\"rule\":\"x\",\"serve\":{\"variation\":\"off\"}}\n");
    CHECK(config_changes("{rules: [{when: \"a is 'y'\", serve: {variation: on}}, " + x + "]}",
                         "{rules: [" + x + "," + y + "]}") ==
          "a production {\"kind\":\"reorder_rules\",\"rules\":[\"y\",\"x\"]}\n");
}

TEST_CASE("a definition grows before and shrinks after its configurations change") {
    const auto flag = [](const std::string& members, const std::string& config) {
        return project_of("{a: {type: string, " + members + ", environments: {production: " + config + "}}}");
    };
    const auto wanted = flag("name: New, tags: [b, c], variations: [{key: x, value: X}, {key: z, value: Z}]",
                             "{off: z, fallthrough: {variation: z}}");
    const auto present = flag("name: Old, tags: [a, b], variations: [{key: x, value: x}, {key: y, value: Y}]",
                              "{off: y, fallthrough: {variation: y}}");
    CHECK(changes(wanted, present) ==
          "a - {\"kind\":\"set_name\",\"name\":\"New\"} {\"kind\":\"remove_tags\",\"tags\":[\"a\"]}"
          " {\"kind\":\"add_tags\",\"tags\":[\"c\"]} {\"kind\":\"set_value\",\"variation\":\"x\",\"value\":\"X\"}"
          " {\"kind\":\"add_variation\",\"variation\":\"z\",\"value\":\"Z\"}\n"
          "a production {\"kind\":\"set_off\",\"variation\":\"z\"} {\"kind\":\"set_fallthrough\",\"variation\":\"z\"}\n"
          "a - {\"kind\":\"remove_variation\",\"variation\":\"y\"}\n");
}

TEST_CASE("a flag is archived last and restored first") {
    const auto flag = [](const char* archived, const char* enabled) {
        return project_of(std::string("{a: {type: boolean, archived: ") + archived +
                          ", environments: {production: {enabled: " + enabled + "}}}}");
    };
    CHECK(changes(flag("true", "true"), flag("false", "false")) ==
          "a production {\"kind\":\"turn_on\"}\na - {\"kind\":\"archive\"}\n");
    CHECK(changes(flag("false", "true"), flag("true", "false")) ==
          "a - {\"kind\":\"restore\"}\na production {\"kind\":\"turn_on\"}\n");
}

TEST_CASE("type and salt are fixed") {
    CHECK(changes(project_of("{a: {type: number, salt: s, variations: [{key: on, value: 1}]}}"),
                  project_of("{a: {type: string, variations: [{key: on, value: '1'}]}}"))
              .starts_with("! /flags/a/type immutable\n! /flags/a/salt immutable\n"));
}

TEST_CASE("only selected environments are compared, and only those that the file has") {
    const auto wanted =
        project_of("{a: {type: boolean, environments: {production: {enabled: true}, staging: {enabled: true}}}}");
    const auto present = project_of("{a: {type: boolean, environments: {production: {}, staging: {}}}}");
    CHECK(changes(wanted, present, {"staging"}) == "a staging {\"kind\":\"turn_on\"}\n");
    CHECK(changes(project_of("{a: {type: boolean}}"), present) == "");
}

TEST_CASE("a segment is restored with its definition, and archived once nothing uses it") {
    const auto archived = [](const std::string& wanted, const std::string& present) {
        std::vector<Finding> findings;
        const auto found = difference(project_of("{}", wanted), project_of("{}", present), {"production"}, findings);
        std::string out;
        for (const auto& change : found.segments) out += "s " + change.segment + '\n';
        for (const auto& change : found.archived_segments)
            out += "a " + change.segment + ' ' + std::to_string(change.version) + '\n';
        return out;
    };
    CHECK(archived("{s: {}}", "{s: {archived: true}}") == "s s\n");
    CHECK(archived("{s: {archived: true}}", "{s: {}}") == "a s 0\n");
    CHECK(archived("{s: {archived: true, owner: me}}", "{s: {}}") == "s s\na s 1\n");
    CHECK(archived("{s: {archived: true}}", "{}") == "a s 1\n");
    const auto in_t = [](const std::string& state) {
        return "{s: {" + state + "environments: {production: {rules: [{when: \"segment 't'\"}]}}}, t: {" + state + "}}";
    };
    CHECK(archived(in_t(""), in_t("archived: true, ")) == "s t\ns s\n");
    CHECK(archived(in_t("archived: true, "), in_t("")) == "a s 0\na t 0\n");
    CHECK(archived("{s: {archived: true, tags: [b, a]}}", "{s: {archived: true, tags: [a, b]}}").empty());
}

TEST_CASE("what is created may need what is restored, and what is changed what is created") {
    const auto uses = [](const std::string& key) {
        return "{environments: {production: {rules: [{when: \"segment '" + key + "'\"}]}}}";
    };
    const auto wanted = project_of("{}", "{a: " + uses("b") + ", b: " + uses("c") + ", c: {}, d: {}}");
    const auto present = project_of("{}", "{a: {environments: {production: {}}}, c: {archived: true}, d: {}}");
    std::vector<Finding> findings;
    CHECK(joined(difference(wanted, present, both, findings).segments_in_order) == "c b a");
}

TEST_CASE("a flag is changed after those it needs") {
    const auto wanted = project_of(
        "{a: {type: boolean, environments: {production: {prerequisites: [{flag: b, variations: [on]}]}}},"
        " b: {type: boolean}}");
    const auto present =
        project_of("{a: {type: boolean, environments: {production: {}}}, b: {type: boolean, archived: true}}");
    std::vector<Finding> findings;
    const auto found = difference(wanted, present, both, findings);
    REQUIRE(found.flags.size() == 2);
    CHECK(found.flags[0].flag == "b");
    CHECK(found.flags[1].flag == "a");
}

TEST_CASE("segments are replaced where they differ") {
    const auto segment = [](const std::string& name, const std::string& members) {
        return project_of("{}", "{s: {name: " + name + ", environments: {production: " + members + "}}}");
    };
    const auto before = segment("a", "{included: [{attribute: k, values: [x, y]}]}");
    CHECK(changes(segment("a", "{included: [{attribute: k, values: [y, x]}]}"), before) == "");
    CHECK(changes(segment("b", "{included: [{attribute: k, values: [y, x]}]}"), before) == "s s \n");
    CHECK(changes(segment("a", "{rules: [{when: \"a is 'b'\"}]}"), before) == "s s production\n");
    CHECK(changes(project_of("{}", "{s: {client: true}}"), project_of("{}", "{s: {}}")) == "s s \n");
}

TEST_CASE("what is needed is created first and deleted last") {
    const auto some = project_of(
        "{a: {type: boolean, environments: {production: {prerequisites: [{flag: b, variations: [on]}]}}},"
        " b: {type: boolean, environments: {production: {prerequisites: [{flag: c, variations: [on]}]}}},"
        " c: {type: boolean}}",
        "{s: {environments: {production: {rules: [{when: \"segment 't'\"}]}}}, t: {}}");
    std::vector<Finding> findings;
    const auto made = difference(some, {}, both, findings);
    CHECK(joined(made.new_flags) == "c b a");
    CHECK(joined(made.new_segments) == "t s");
    const auto gone = difference({}, some, both, findings);
    CHECK(joined(gone.removed_flags) == "a b c");
    CHECK(joined(gone.removed_segments) == "s t");
    const auto circle = project_of(
        "{a: {type: boolean, environments: {production: {prerequisites: [{flag: b, variations: [on]}]}}},"
        " b: {type: boolean, environments: {production: {prerequisites: [{flag: a, variations: [on]}]}}}}");
    CHECK(joined(difference(circle, {}, both, findings).new_flags) == "a b");
}

TEST_CASE("many instructions are several changes") {
    std::string rules;
    for (int i = 0; i < 450; ++i)
        rules +=
            (i == 0 ? "" : ",") + std::string("{when: \"a is 'x") + std::to_string(i) + "'\", serve: {variation: on}}";
    const auto wanted = project_of("{a: {type: boolean, environments: {production: {rules: [" + rules + "]}}}}");
    const auto present = project_of("{a: {type: boolean, environments: {production: {}}}}");
    std::vector<Finding> findings;
    const auto found = difference(wanted, present, both, findings);
    REQUIRE(found.flags.size() == 3);
    CHECK(found.flags[0].instructions.size() == max_instructions);
    CHECK(found.flags[2].instructions.size() == 50);
}
