// Changes of many flags, and clones: what is read, what is made, and what is refused.

#include "control-plane/flags/bulk.hpp"

#include <catch2/catch.hpp>

#include "control-plane/flags/flag_clone.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::flags::BulkFlag;
using cp::flags::BulkRequest;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

std::string new_id() { return "r-new"; }

BulkFlag flag(const std::string& key) {
    json::Document document;
    REQUIRE(document.parse(R"({"key":")" + key + R"(","type":"boolean","tags":["t"]})"));
    const auto made = cp::flags::create_flag(document.root(), {"staging", "production"}, new_id, now);
    REQUIRE(made);
    return {made->definition, made->definition, made->environments, made->environments, {}, {}};
}

Result<BulkRequest> read(const std::string& body) {
    json::Document document;
    REQUIRE(document.parse(body));
    return cp::flags::read_bulk(document.root());
}

std::vector<std::string> places(const Error& error) {
    std::vector<std::string> found;
    for (const auto& finding : error.findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

using Places = std::vector<std::string>;

Places refused(const std::string& changes) {
    const auto request = read(R"({"changes":)" + changes + "}");
    return request ? Places{"accepted"} : places(request.error());
}

// Applies all changes of a body to the flag `a`.
Result<BulkFlag> applied(const std::string& changes) {
    const auto request = read(R"({"changes":)" + changes + "}");
    if (!request) return request.error();
    auto state = flag("a");
    for (const auto& change : request->changes)
        if (auto ok = cp::flags::apply_bulk(change, state, new_id); !ok) return ok.error();
    return state;
}

}  // namespace

TEST_CASE("a bulk request lists flags and instructions; what is wrong has its place") {
    const auto request = read(R"({"comment":"c","changes":[{"flags":["a","b"],"instructions":[{"kind":"archive"}]},
        {"flags":["b","c"],"environment":"staging","versions":{"b":3},"instructions":[{"kind":"turn_on"}]}]})");
    REQUIRE(request);
    CHECK(request->flags == std::set<std::string>{"a", "b", "c"});
    CHECK(request->changes[1].versions.at("b") == 3);
    CHECK(refused("[]") == Places{"/changes limit"});
    CHECK(refused("{}") == Places{"/changes wrong_type"});
    CHECK(refused("[{}]") == Places{"/changes/0/flags missing", "/changes/0/instructions missing"});
    CHECK(refused(R"([{"flags":[],"instructions":[]}])") == Places{"/changes/0/flags missing"});
    CHECK(refused(R"([{"flags":["a","a"],"instructions":[]}])") == Places{"/changes/0/flags/1 duplicate"});
    CHECK(refused(R"([{"flags":["a"],"versions":{"b":1},"instructions":[]}])") ==
          Places{"/changes/0/versions/b unknown_field"});
    CHECK(refused(R"([{"flags":["a"],"versions":{"a":"1"},"instructions":[]}])") ==
          Places{"/changes/0/versions/a wrong_type"});
    CHECK(refused(R"([{"flags":["a"],"environment":"","instructions":[]}])") ==
          Places{"/changes/0/environment bad_key"});
    CHECK(refused(R"([{"flags":["a"],"instructions":[],"speed":1}])") == Places{"/changes/0/speed unknown_field"});
    std::string many;
    for (int i = 0; i <= 200; ++i) many += std::string(i > 0 ? "," : "") + "\"f" + std::to_string(i) + '"';
    CHECK(refused(R"([{"flags":[)" + many + R"(],"instructions":[{"kind":"archive"}]}])") == Places{"/changes limit"});
    CHECK_FALSE(read("{}"));
}

TEST_CASE("the flags of all changes together are bounded") {
    std::string flags, changes;
    for (int i = 0; i < 101; ++i) flags += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + '"';
    const auto change = R"({"flags":[)" + flags + R"(],"instructions":[{"kind":"archive"}]})";
    for (int i = 0; i < 9; ++i) changes += (i == 0 ? "" : ",") + change;
    CHECK(refused('[' + changes + ']') == Places{"accepted"});
    CHECK(refused('[' + changes + ',' + change + ']') == Places{"/changes limit"});
}

TEST_CASE("changes of one flag are applied in their order") {
    const auto made =
        applied(R"([{"flags":["a"],"instructions":[{"kind":"add_variation","variation":"new","value":true}]},
        {"flags":["a"],"environment":"production","instructions":[{"kind":"set_fallthrough","variation":"new"}]},
        {"flags":["a"],"instructions":[{"kind":"rename_variation","variation":"new","to":"newer"}]}])");
    REQUIRE(made);
    CHECK(made->after.variations[2].key == "newer");
    CHECK(std::get<model::ServeVariation>(made->configs[1].config.fallthrough).variation == "newer");
    CHECK(cp::flags::is_config_changed(*made, 1));
    CHECK_FALSE(cp::flags::is_config_changed(*made, 0));
    CHECK(cp::flags::is_changed(*made));
    CHECK(cp::flags::describe_bulk(*made) ==
          std::vector<std::string>{"`a`: Adds the variation `newer` with the value `true`.",
                                   "`a`: In production: the fallthrough serves `newer` instead of `on`."});
    CHECK_FALSE(cp::flags::is_changed(*applied(R"([{"flags":["a"],"environment":"staging",
        "instructions":[{"kind":"turn_off"}]}])")));
}

TEST_CASE("a refusal names the flag and the place in the whole body") {
    const auto unknown = applied(R"([{"flags":["a"],"instructions":[{"kind":"archive"}]},{"flags":["a"],
        "environment":"staging","instructions":[{"kind":"turn_on"},{"kind":"remove_rule","rule":"zzz"}]}])");
    REQUIRE_FALSE(unknown);
    CHECK(places(unknown.error()) == Places{"/changes/1/instructions/1/rule unknown_rule"});
    CHECK(unknown.error().findings[0].detail.starts_with("flag `a`: "));
    CHECK(places(applied(R"([{"flags":["a"],"instructions":[]}])").error()) == Places{"/changes/0/instructions limit"});
    CHECK(places(applied(R"([{"flags":["a"],"environment":"nowhere","instructions":[{"kind":"turn_on"}]}])").error()) ==
          Places{"/changes/0/environment unknown_environment"});
}

TEST_CASE("versions are those of before the request, and confirm what they name") {
    const auto made = applied(R"([{"flags":["a"],"versions":{"a":1},"instructions":[{"kind":"archive"}]},
        {"flags":["a"],"environment":"staging","versions":{"a":1},"instructions":[{"kind":"turn_on"}]},
        {"flags":["a"],"environment":"staging","versions":{"a":1},"instructions":[{"kind":"turn_off"}]}])");
    REQUIRE(made);
    CHECK(made->confirmed == std::set<std::string>{"", "staging"});
    const auto stale = applied(R"([{"flags":["a"],"versions":{"a":2},"instructions":[{"kind":"archive"}]}])");
    REQUIRE_FALSE(stale);
    CHECK(stale.error().code == Errc::precondition_failed);
    CHECK(places(stale.error()) == Places{"/changes/0/versions/a stale_version"});
}

TEST_CASE("a clone has what its source has, with a key and a salt of its own") {
    auto source = flag("a");
    source.before.archived = true;
    source.before.version = 7;
    source.configs[0].config.enabled = source.configs[1].config.enabled = true;
    source.configs[0].version = 9;
    const auto clone = [&](const std::string& body) {
        json::Document document;
        REQUIRE(document.parse(body));
        return cp::flags::clone_flag(source.before, source.configs, document.root(), now + 1);
    };
    const auto made = clone(R"({"key":"b"})");
    REQUIRE(made);
    CHECK(made->definition.key == "b");
    CHECK(made->definition.salt == "b");
    CHECK(made->definition.tags == std::vector<std::string>{"t"});
    CHECK(made->definition.version == 1);
    CHECK(made->definition.created_at == now + 1);
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
