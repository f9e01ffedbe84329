// Clones: what is read, what is made, and what is refused.

#include "control-plane/flags/flag_clone.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/control-plane/flags/instructed.hpp"

using namespace fanion;
using test::Places;
using test::places;

namespace {

constexpr UnixMillis cloned_at = 1'763'720'000'000;

cp::flags::NewFlag flag(const std::string& key) {
    json::Document document;
    REQUIRE(document.parse(R"({"key":")" + key + R"(","type":"boolean","tags":["t"]})"));
    const auto make_id = [] { return std::string("r-new"); };
    const auto made = cp::flags::create_flag(document.root(), {"staging", "production"}, make_id, cloned_at);
    REQUIRE(made);
    return *made;
}

}  // namespace

TEST_CASE("a clone has what its source has, with a key and a salt of its own") {
    auto source = flag("a");
    source.definition.archived = true;
    source.definition.version = 7;
    source.environments[0].config.enabled = source.environments[1].config.enabled = true;
    source.environments[0].version = 9;
    const auto clone = [&](const std::string& body) {
        json::Document document;
        REQUIRE(document.parse(body));
        return cp::flags::clone_flag(source.definition, source.environments, document.root(), cloned_at + 1);
    };
    const auto made = clone(R"({"key":"b"})");
    REQUIRE(made);
    CHECK(made->definition.key == "b");
    CHECK(made->definition.salt == "b");
    CHECK(made->definition.tags == std::vector<std::string>{"t"});
    CHECK(made->definition.version == 1);
    CHECK(made->definition.created_at == cloned_at + 1);
    CHECK_FALSE(made->definition.archived);
    CHECK(made->environments[0].version == 1);
    CHECK(made->environments[1].config.enabled);
    const auto some = clone(R"({"key":"b","name":"B","salt":"s","environments":["production"]})");
    REQUIRE(some);
    CHECK(some->definition.name == "B");
    CHECK(some->definition.salt == "s");
    CHECK_FALSE(some->environments[0].config.enabled);
    CHECK(some->environments[1].config.enabled);
    CHECK(places(clone("{}").error()) == Places{"/key missing"});
    CHECK(places(clone(R"({"key":"no key"})").error()) == Places{"/key bad_key"});
    CHECK(places(clone(R"({"key":"b","salt":""})").error()) == Places{"/salt missing"});
    CHECK(places(clone(R"({"key":"b","environments":["nowhere"]})").error()) ==
          Places{"/environments/0 unknown_environment"});
    CHECK(places(clone(R"({"key":"b","type":"string"})").error()) == Places{"/type unknown_field"});
}
