#include "common/flagfile/project.hpp"

#include <catch2/catch.hpp>

#include "common/flagfile/format.hpp"
#include "common/flagfile/source.hpp"

using namespace fanion;
using namespace fanion::flagfile;

namespace {

struct Read {
    explicit Read(std::string_view text) {
        Fault fault;
        const auto source = Source::parse(text, fault);
        REQUIRE(fault.detail == "");
        project = read_project(source.root(), findings);
        for (const auto& finding : findings) found += finding.pointer + ' ' + finding.code + '\n';
    }
    Project project;
    std::vector<Finding> findings;
    std::string found;
};

constexpr const char* whole = R"(fanion: 1
project: web
segments:
  beta:
    name: Beta users
    client: true
    environments:
      production:
        included:
          - attribute: targetingKey
            values:
              - alice
        rules:
          - when: "plan is \"pro\""
flags:
  checkout:
    type: boolean
    name: The checkout
    tags:
      - shop
    variations:
      - key: "on"
        value: true
      - key: "off"
        value: false
    client: true
    environments:
      production:
        enabled: true
        "off": "off"
        prerequisites:
          - flag: theme
            variations:
              - dark
        targets:
          - attribute: targetingKey
            variation: "on"
            values:
              - bob
        rules:
          - id: de
            when: "country is \"DE\" and segment \"beta\""
            serve:
              split:
                weights:
                  - variation: "on"
                    weight: 12.5
                otherwise: next
        fallthrough:
          variation: "off"
  theme:
    type: string
    variations:
      - key: dark
        value: "#000"
      - key: light
        value: "#fff"
    salt: other
    environments:
      production:
        enabled: false
        "off": null
        fallthrough:
          split:
            weights:
              - variation: dark
                weight: 0.001
              - variation: light
                weight: 99.999
)";

}  // namespace

TEST_CASE("a file is written as it was read") {
    const Read read(whole);
    CHECK(read.found == "");
    CHECK(to_yaml(tree_of(read.project)) == whole);
}

TEST_CASE("what is not given has the defaults of the admin API") {
    const Read read(R"(
fanion: 1
project: web
flags:
  a: {type: boolean, environments: {production: {enabled: true}}}
  b: {type: number, variations: [{key: one, value: 1}, {key: two, value: 2}], environments: {production: {}}}
  c: {type: boolean, variations: [{key: yes, value: true}], environments: {production: {}}}
)");
    CHECK(read.found == "");
    const auto& flags = read.project.flags;
    const auto& a = flags.at("a");
    CHECK(a.salt == "a");
    CHECK(a.variations == std::vector<model::Variation>{{"on", "true"}, {"off", "false"}});
    const auto& in = a.environments.at("production").config;
    CHECK(in.enabled);
    CHECK(in.off == "off");
    CHECK(in.fallthrough == model::Serve(model::ServeVariation{"on"}));
    CHECK(flags.at("b").environments.at("production").config.off == "one");
    CHECK(flags.at("c").environments.at("production").config.off == std::nullopt);
    CHECK(flags.at("c").environments.at("production").config.fallthrough == model::Serve(model::ServeVariation{"yes"}));
}

TEST_CASE("each mistake is found at its place") {
    const Read read(R"(
fanion: 1
project: web
wave: 1
segments:
  s: {environments: {production: {rules: [{when: "country is"}]}}}
flags:
  no good: {type: boolean}
  a: {type: thing}
  b:
    type: boolean
    version: 3
    environments:
      production:
        enabled: "on"
        rules:
          - {when: "plan is 'pro'", serve: {split: {weights: [{variation: on, weight: 60}, {variation: on, weight: 50}]}}}
          - {when: "plan is", serve: {split: {ranges: []}}}
        fallthrough: {split: {weights: [{variation: on, weight: 10}]}}
      staging: on
)");
    CHECK(read.found ==
          "/segments/s/environments/production/rules/0/when bad_rule\n"
          "/flags/no good bad_key\n"
          "/flags/a/type malformed\n"
          "/flags/a/variations missing\n"
          "/flags/b/environments/production/rules/1/when bad_rule\n"
          "/flags/b/environments/production/fallthrough/split/weights bad_weight\n"
          "/flags/b/environments/production/rules/0/serve/split/weights/1/variation duplicate\n"
          "/flags/b/environments/production/rules/0/serve/split/weights bad_weight\n"
          "/flags/b/environments/production/rules/1/serve/split malformed\n"
          "/flags/b/environments/production/enabled wrong_type\n"
          "/flags/b/environments/staging wrong_type\n"
          "/flags/b/version unknown_field\n"
          "/wave unknown_field\n");
}

TEST_CASE("the format and the project are needed") {
    CHECK(Read("{}").found == "/fanion missing\n/project missing\n");
    CHECK(Read("{fanion: 2, project: web}").found == "/fanion out_of_range\n");
    CHECK(Read("[]").found == " wrong_type\n");
}
