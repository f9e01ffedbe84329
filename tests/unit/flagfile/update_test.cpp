#include "common/flagfile/update.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::flagfile;

namespace {

struct File {
    explicit File(const std::string& given) : text(given) {
        Fault fault;
        source = Source::parse(text, fault);
        REQUIRE(fault.detail == "");
        std::vector<Finding> findings;
        project = read_project(source.root(), findings);
        REQUIRE(findings.empty());
    }
    std::string text;
    Source source;
    Project project;
};

std::string updated(const std::string& before, const std::string& wanted) {
    const File file(before);
    return updated_text(file.text, file.source, file.project, File(wanted).project).value_or("(none)");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

const std::string before = R"(# The flags of the shop.
fanion: 1
project: web

segments: {}
flags:
  # Paying.
  checkout:   # the new one
    type: boolean
    tags: []
    name: 'Checkout'  # for people
    environments:
      # Where it counts.
      production:
        enabled: true # since May
        rules:
          - {id: de, when: country is 'DE', serve: {variation: on}}  # pilot
        fallthrough: {variation: off}
      staging: {enabled: true}

  # Colours.
  theme:
    type: string
    variations: [{key: dark, value: d}, {key: light, value: l}]
# The end.
)";

}  // namespace

TEST_CASE("what says the same stays as it is written") { CHECK(updated(before, before) == before); }

TEST_CASE("only what differs is rewritten, and its comments stay") {
    CHECK(updated(before, replaced(before, "enabled: true # since May", "enabled: false")) ==
          replaced(before, "enabled: true # since", "enabled: false  # since"));
    CHECK(updated(before, replaced(before, "'Checkout'", "Pay")) == replaced(before, "'Checkout'", "Pay"));
    CHECK(updated(before, replaced(before, "fallthrough: {variation: off}", "fallthrough: {variation: on}")) ==
          replaced(before, "fallthrough: {variation: off}", "fallthrough:\n          variation: \"on\""));
}

TEST_CASE("a changed list is written anew, what is around it is not") {
    const auto text = updated(before, replaced(before, "is 'DE'", "is 'AT'"));
    CHECK(text == replaced(before, "          - {id: de, when: country is 'DE', serve: {variation: on}}  # pilot",
                           "          - id: de\n            when: \"country is \\\"AT\\\"\"\n            serve:\n"
                           "              variation: \"on\""));
}

TEST_CASE("what is new comes in the order of keys, what is gone goes with its comments") {
    const auto wanted = replaced(before, "  # Colours.", "  search:\n    type: boolean\n  # Colours.");
    CHECK(updated(before, wanted) ==
          replaced(before, "\n  # Colours.\n",
                   "  search:\n    type: boolean\n    variations:\n      - key: \"on\"\n        value: true\n"
                   "      - key: \"off\"\n        value: false\n    environments: {}\n\n  # Colours.\n"));
    const auto start = before.find("\n  # Colours.");
    auto without = before;
    without.erase(start, before.find("# The end.") - start);
    CHECK(updated(before, without) == without);
    CHECK(updated(before, replaced(before, "    tags: []\n", "    tags: []\n    owner: pay\n")) ==
          replaced(before, "    environments:\n      # Where", "    owner: pay\n    environments:\n      # Where"));
}

TEST_CASE("members that were defaults are added") {
    CHECK(updated(before, replaced(before, "    type: string\n", "    type: string\n    client: true\n")) ==
          replaced(before, "{key: light, value: l}]\n", "{key: light, value: l}]\n    client: true\n"));
}

TEST_CASE("what cannot be kept is refused") {
    CHECK(updated("{fanion: 1, project: web, flags: {}}", before) == "(none)");
    const auto anchored =
        replaced(replaced(before, "production:\n", "production: &p\n"), "staging: {enabled: true}", "staging: *p");
    CHECK(updated(anchored, anchored) == anchored);
    // The alias would show what production has become.
    CHECK(
        updated(anchored, replaced(replaced(before, "enabled: true #", "enabled: false #"), "staging: {enabled: true}",
                                   "staging: {enabled: true, rules: [{id: de, when: country is 'DE', serve: "
                                   "{variation: on}}], fallthrough: {variation: off}}")) == "(none)");
}
