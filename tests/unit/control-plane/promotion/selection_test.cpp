#include "control-plane/promotion/selection.hpp"

#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::promotion;

namespace {

template <class T>
std::vector<std::string> errors(Result<T> (*read)(json::Value), std::string_view text) {
    json::Document document;
    REQUIRE(document.parse(text));
    const auto result = read(document.root());
    std::vector<std::string> found;
    if (result) return found;
    CHECK(result.error().code == Errc::invalid_input);
    for (const auto& finding : result.error().findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

template <class T>
T read_ok(Result<T> (*read)(json::Value), std::string_view text) {
    json::Document document;
    REQUIRE(document.parse(text));
    auto result = read(document.root());
    REQUIRE(result);
    return std::move(*result);
}

using Errors = std::vector<std::string>;

}  // namespace

TEST_CASE("a rollback is of everything unless flags or segments are named") {
    CHECK(read_ok(read_rollback, R"({"version":"1.7"})").selection.is_all);
    const auto named = read_ok(read_rollback, R"({"version":"7","flags":["b","a"]})");
    CHECK(named.version == "7");
    CHECK_FALSE(named.selection.is_all);
    CHECK(named.selection.flags == std::vector<std::string>{"b", "a"});
    CHECK_FALSE(read_ok(read_rollback, R"({"version":"7","flags":[]})").selection.is_all);
    CHECK(errors(read_rollback, "{}") == Errors{"/version missing"});
    CHECK(errors(read_rollback, R"({"version":"7","segments":[1],"wave":1})") ==
          Errors{"/segments/0 wrong_type", "/wave unknown_field"});
}

TEST_CASE("what is listed twice or too often is refused, however much there is of it") {
    CHECK(errors(read_rollback, R"({"version":"7","flags":["b","a","b"]})") == Errors{"/flags/2 duplicate"});
    std::string many;
    for (int i = 0; i < 200'000; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + '"';
    CHECK(errors(read_rollback, R"({"version":"7","segments":[)" + many + "]}") == Errors{"/segments limit"});
}

TEST_CASE("a promotion names what it takes, or everything") {
    const auto all = read_ok(read_promotion, R"({"from":"staging","all":true})");
    CHECK(all.selection.is_all);
    CHECK(all.parts == Parts{});
    CHECK_FALSE(all.takes_along);
    const auto some = read_ok(read_promotion, R"({"from":"staging","from_version":"1.2","flags":["a"],
        "segments":["s"],"parts":["rules","fallthrough"],"take_along":true})");
    CHECK(some.from_version == "1.2");
    CHECK(some.parts == Parts{false, false, true, true, false});
    CHECK(some.takes_along);
    CHECK(errors(read_promotion, R"({"from":"staging"})") == Errors{"/flags missing"});
    CHECK(errors(read_promotion, R"({"from":"staging","all":true,"flags":["a"]})") == Errors{"/all conflict"});
    CHECK(errors(read_promotion, R"({"from":"no good","all":true})") == Errors{"/from bad_key"});
    CHECK(errors(read_promotion, R"({"from":"staging","all":true,"parts":["salt"]})") ==
          Errors{"/parts bad_value", "/parts empty"});
    CHECK(errors(read_promotion, R"({"from":"staging","all":true,"parts":[]})") == Errors{"/parts empty"});
}

TEST_CASE("one change has a bound") {
    std::string keys;
    for (std::size_t i = 0; i <= most_items; ++i) keys += (i ? ",\"f" : "\"f") + std::to_string(i) + '"';
    CHECK(errors(read_promotion, R"({"from":"staging","flags":[)" + keys + "]}") == Errors{"/flags limit"});
}

TEST_CASE("parts that are not promoted stay as they are in the target") {
    model::FlagConfig source;
    source.enabled = true;
    source.off = "a";
    source.prerequisites = {{"p", {"on"}}};
    source.targets = {{"targetingKey", {"alice"}, "on"}};
    source.rules.push_back({"r", {}, model::ServeVariation{"on"}});
    source.fallthrough = model::ServeVariation{"on"};
    const model::FlagConfig target;
    CHECK(promoted(source, target, {}) == source);
    CHECK(promoted(source, target, {false, false, false, false, false}) == target);
    auto expected = target;
    expected.rules = source.rules;
    CHECK(promoted(source, target, {false, false, true, false, false}) == expected);
    expected.targets = source.targets;
    expected.prerequisites = source.prerequisites;
    CHECK(promoted(source, target, {false, true, true, false, true}) == expected);
    expected.enabled = true;
    expected.off = "a";
    CHECK(promoted(source, target, {true, true, true, false, true}) == expected);
}
