// Changes of many flags and segments: what is read, what is made, and what is refused.

#include "control-plane/bulk/bulk_item.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/unit/control-plane/bulk/bulk_kinds.hpp"

using namespace fanion;
using cp::bulk::BulkRequest;
using test::BulkFlag;
using test::BulkSegment;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

BulkFlag flag(const std::string& key) {
    json::Document document;
    REQUIRE(document.parse(R"({"key":")" + key + R"(","type":"boolean","tags":["t"]})"));
    const auto made = cp::flags::create_flag(document.root(), {"staging", "production"}, test::new_rule_id, now);
    REQUIRE(made);
    return {made->definition, made->definition, made->environments, made->environments, {}, {}};
}

Result<BulkRequest> read(const std::string& body) {
    json::Document document;
    REQUIRE(document.parse(body));
    return cp::bulk::read_bulk(document.root());
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
        if (auto ok = cp::bulk::apply_bulk(test::bulk_flags, change, state); !ok) return ok.error();
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
    CHECK(cp::bulk::is_config_changed(*made, 1));
    CHECK_FALSE(cp::bulk::is_config_changed(*made, 0));
    CHECK(cp::bulk::is_changed(*made));
    CHECK(cp::bulk::describe_bulk(test::bulk_flags, *made) ==
          std::vector<std::string>{"`a`: Adds the variation `newer` with the value `true`.",
                                   "`a`: In production: the fallthrough serves `newer` instead of `on`."});
    CHECK_FALSE(cp::bulk::is_changed(*applied(R"([{"flags":["a"],"environment":"staging",
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

namespace {

BulkSegment segment() {
    json::Document document;
    REQUIRE(document.parse(R"({"key":"beta"})"));
    const auto made = cp::segments::create_segment(document.root(), {"staging", "production"}, now);
    REQUIRE(made);
    std::vector<cp::segments::SegmentEnvironment> configs;
    for (const auto* key : {"staging", "production"})
        configs.push_back(cp::segments::default_config(made->definition, key, now));
    return {made->definition, made->definition, configs, configs, {}, {}};
}

Result<BulkSegment> applied_to_segment(const std::string& changes) {
    const auto request = read(R"({"changes":)" + changes + "}");
    if (!request) return request.error();
    auto state = segment();
    for (const auto& change : request->changes)
        if (auto ok = cp::bulk::apply_bulk(test::bulk_segments, change, state); !ok) return ok.error();
    return state;
}

}  // namespace

TEST_CASE("a change is of flags or of segments; both count towards the same limits") {
    const auto request = read(R"({"changes":[{"flags":["a"],"instructions":[{"kind":"archive"}]},
        {"segments":["a","beta"],"versions":{"beta":1},"instructions":[{"kind":"set_name","name":"B"}]}]})");
    REQUIRE(request);
    CHECK(request->flags == std::set<std::string>{"a"});
    CHECK(request->segments == std::set<std::string>{"a", "beta"});
    CHECK(request->changes[1].kind == "segment");
    CHECK(request->changes[1].versions.at("beta") == 1);
    CHECK(cp::bulk::list_pointer(request->changes[1]) == "/changes/1/segments");
    CHECK(refused(R"([{"flags":["a"],"segments":["b"],"instructions":[]}])") == Places{"/changes/0/flags ambiguous"});
    CHECK(refused(R"([{"segments":[],"instructions":[]}])") == Places{"/changes/0/segments missing"});
    CHECK(refused(R"([{"segments":["a","a"],"instructions":[]}])") == Places{"/changes/0/segments/1 duplicate"});
    CHECK(refused(R"([{"segments":7,"instructions":[]}])") == Places{"/changes/0/segments wrong_type"});
    const auto keys = [](const std::string& prefix, int count) {
        std::string list;
        for (int i = 0; i < count; ++i) list += (i == 0 ? "\"" : ",\"") + prefix + std::to_string(i) + '"';
        return list;
    };
    const auto both = [&](int segments) {
        return R"([{"flags":[)" + keys("f", 100) + R"(],"instructions":[{"kind":"archive"}]},{"segments":[)" +
               keys("s", segments) + R"(],"instructions":[{"kind":"set_name","name":"S"}]}])";
    };
    CHECK(refused(both(100)) == Places{"accepted"});
    CHECK(refused(both(101)) == Places{"/changes limit"});
}

TEST_CASE("segments are changed by their own instructions") {
    const auto made = applied_to_segment(
        R"([{"segments":["beta"],"versions":{"beta":1},"instructions":[{"kind":"set_name","name":"Beta"}]},
        {"segments":["beta"],"environment":"production","instructions":[{"kind":"add_included","values":["ann"]}]}])");
    REQUIRE(made);
    CHECK(made->after.name == "Beta");
    CHECK(made->confirmed == std::set<std::string>{""});
    CHECK(made->configured == std::set<std::string>{"production"});
    CHECK(cp::bulk::is_config_changed(*made, 1));
    CHECK_FALSE(cp::bulk::is_config_changed(*made, 0));
    CHECK(cp::bulk::describe_bulk(test::bulk_segments, *made) ==
          std::vector<std::string>{"`beta`: Sets the name to `Beta`.",
                                   "`beta`: In production: includes 1 value: `ann`."});
    const auto flag_only = applied_to_segment(R"([{"segments":["beta"],"instructions":[{"kind":"turn_on"}]}])");
    CHECK(places(flag_only.error()) == Places{"/changes/0/instructions/0/kind unknown_kind"});
    const auto stale = applied_to_segment(
        R"([{"segments":["beta"],"environment":"staging","versions":{"beta":4},"instructions":[{"kind":"add_rule","when":"a is 1"}]}])");
    CHECK(stale.error().detail == "segment `beta` was changed: the present version is 1");
}
