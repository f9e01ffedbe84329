#include "relay/grpc/flagd_format.hpp"

#include "tests/support/catch_result.hpp"

#include "common/json/document.hpp"
#include "relay/grpc/flag_changes.hpp"
#include "relay/grpc/flagd_condition.hpp"

using namespace fanion;
using namespace fanion::relay::grpc;

namespace {

constexpr const char* on_off = R"([{"key":"on","value":true},{"key":"off","value":false}])";
constexpr const char* fall_off = R"("fallthrough":{"variation":"off"})";

std::string flag(const std::string& key, const std::string& rest, const std::string& type = "boolean",
                 const std::string& variations = on_off) {
    return R"({"key":")" + key + R"(","type":")" + type + R"(","version":3,"enabled":true,"variations":)" + variations +
           "," + rest + "}";
}

std::string rule(const std::string& when, const std::string& serve = R"({"variation":"on"})") {
    return R"("rules":[{"id":"r","when":)" + when + R"(,"serve":)" + serve + "}]," + fall_off;
}

void put(wire::ItemSet& items, const std::string& key, std::string body) {
    items.put(key, std::make_shared<const std::string>(std::move(body)));
}

// The flag `f` as it is written, or "left out: " and why.
std::string written(const std::string& body, const std::string& segment = {}) {
    wire::ItemSet items;
    put(items, "flag/f", body);
    if (!segment.empty()) put(items, "segment/s", segment);
    const auto set = to_flagd(items, "o/p/e", "1.2");
    json::Document document;
    REQUIRE(document.parse(set.json));
    const auto found = document.root().find("flags").find("f");
    if (!set.left_out.empty()) {
        CHECK_FALSE(found);
        CHECK(document.root().find("metadata").find("leftOut").as_string() == "f");
        return "left out: " + set.left_out.front().why;
    }
    return found.to_text();
}

std::string targeting(const std::string& body, const std::string& segment = {}) {
    const auto text = written(body, segment);
    if (text.starts_with("left out")) return text;
    json::Document document;
    REQUIRE(document.parse(text));
    const auto found = document.root().find("targeting");
    return found ? found.to_text() : "none";
}

}  // namespace

TEST_CASE("a flag without rules is its variations and a default") {
    CHECK(written(flag("f", fall_off)) ==
          R"({"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","metadata":{"version":3}})");
    CHECK(written(flag("f", R"("fallthrough":{"variation":"a"})", "number", R"([{"key":"a","value":1.50}])"))
              .find(R"("variants":{"a":1.50})") != std::string::npos);
}

TEST_CASE("a flag that is off serves its off variation, or the caller's default") {
    auto body = flag("f", R"("off":"on",)" + rule(R"({"bucket":{"from":0,"to":5}})"));
    body.replace(body.find(R"("enabled":true)"), 14, R"("enabled":false)");
    CHECK(written(body) ==
          R"({"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on","metadata":{"version":3}})");
    body.replace(body.find(R"("off":"on")"), 10, R"("off":null)");
    CHECK(written(body) ==
          R"({"state":"DISABLED","variants":{"on":true,"off":false},"defaultVariant":null,"metadata":{"version":3}})");
}

TEST_CASE("targets and rules are branches in their order") {
    const auto body =
        flag("f", R"("targets":[{"attribute":"targetingKey","values":["a","b"],"variation":"on"}],)" +
                      rule(R"({"attribute":"country","op":"is","values":["DE"]})", R"({"variation":"off"})"));
    CHECK(targeting(body) ==
          R"({"if":[{"in":[{"var":"targetingKey"},["a","b"]]},"on",)"
          R"({"some":[{"merge":[{"var":"country"}]},{"or":[false,{"in":[{"var":""},["DE"]]}]}]},"off"]})");
}

TEST_CASE("conditions that mean the same in JsonLogic are written") {
    const auto when = [](const std::string& condition) { return targeting(flag("f", rule(condition))); };
    CHECK(when(R"({"all":[]})") == R"({"if":[{"and":[true]},"on"]})");
    CHECK(when(R"({"any":[]})") == R"({"if":[{"or":[false]},"on"]})");
    CHECK(when(R"({"not":{"attribute":"a","op":"exists"}})") == R"({"if":[{"!":[{"!==":[{"var":"a"},null]}]},"on"]})");
    CHECK(when(R"({"attribute":"/a/b","op":"not_exists"})") == R"({"if":[{"===":[{"var":"a.b"},null]},"on"]})");
    CHECK(when(R"({"attribute":"n","op":"not_one_of","values":[1,true]})") ==
          R"({"if":[{"!":[{"some":[{"merge":[{"var":"n"}]},)"
          R"({"or":[false,{"===":[{"var":""},1]},{"===":[{"var":""},true]}]}]}]},"on"]})");
}

TEST_CASE("segments are written in place") {
    const std::string in = rule(R"({"op":"in_segment","values":["s"]})");
    const std::string segment = R"({"key":"s","included":[{"attribute":"targetingKey","values":["a"]}],)"
                                R"("excluded":[{"attribute":"targetingKey","values":["b"]}],)"
                                R"("rules":[{"when":{"attribute":"x","op":"exists"}}]})";
    CHECK(targeting(flag("f", in), segment) ==
          R"({"if":[{"or":[false,{"or":[{"or":[false,{"in":[{"var":"targetingKey"},["a"]]}]},)"
          R"({"and":[{"!":[{"or":[false,{"in":[{"var":"targetingKey"},["b"]]}]}]},)"
          R"({"or":[false,{"!==":[{"var":"x"},null]}]}]}]}]},"on"]})");
    const std::string bucket = R"({"key":"s","rules":[{"when":{"bucket":{"salt":"x","from":0,"to":1}}}]})";
    CHECK(targeting(flag("f", in), bucket) == "left out: flagd has another hash than a bucket");
}

TEST_CASE("a split to one variation is a branch for those who have a key") {
    const std::string all = R"({"split":{"ranges":[[0,60000,"on"],[60000,100000,"on"]]}})";
    CHECK(targeting(flag("f", rule(R"({"all":[]})", all))) ==
          R"({"if":[{"and":[{"and":[true]},{"!==":[{"var":"targetingKey"},null]}]},"on"]})");
    const auto body = flag("f", R"("fallthrough":)" + all);
    CHECK(targeting(body) == R"({"if":[{"!==":[{"var":"targetingKey"},null]},"on"]})");
    CHECK(written(body).find(R"("defaultVariant":null)") != std::string::npos);
    CHECK(targeting(flag("f", R"("fallthrough":{"split":{"ranges":[],"otherwise":"on"}})")).starts_with("{"));

    const auto serve = [](const std::string& split) { return targeting(flag("f", rule(R"({"all":[]})", split))); };
    const std::string hash = "left out: flagd has another hash than a split";
    CHECK(serve(R"({"split":{"ranges":[[0,50000,"on"]],"otherwise":"off"}})") == hash);
    CHECK(serve(R"({"split":{"ranges":[[0,99999,"on"]],"otherwise":"next"}})") == hash);
    CHECK(serve(R"({"split":{"by":"team","ranges":[[0,100000,"on"]]}})") == "left out: it is split by `team`");
}

TEST_CASE("what flagd would decide otherwise is left out") {
    const auto when = [](const std::string& condition) { return targeting(flag("f", rule(condition))); };
    CHECK(when(R"({"attribute":"a.b","op":"exists"})") == "left out: the attribute `a.b` has no name in JsonLogic");
    CHECK(when(R"({"attribute":"$now","op":"before","values":["2030-01-01T00:00:00Z"]})").starts_with("left out"));
    CHECK(when(R"({"attribute":"a","op":"gte","values":[18]})") == "left out: the operator gte differs in flagd");
    CHECK(when(R"({"attribute":"a","op":"version_gte","values":["1.0"]})").starts_with("left out: the operator"));
    CHECK(when(R"({"attribute":"a","op":"ends_with","values":["x"]})").starts_with("left out: the operator"));
    CHECK(when(R"({"attribute":"a","op":"is","values":["x"],"ignore_case":true})") ==
          "left out: JsonLogic does not ignore case");
    CHECK(when(R"({"attribute":"a","op":"is","values":[9007199254740993]})") ==
          "left out: a number has more than 15 digits");
    CHECK(written(flag("f", R"("prerequisites":[{"flag":"g","variations":["on"]}],)" + std::string(fall_off))) ==
          "left out: flagd has no prerequisites");
    CHECK(written(flag("f", R"("fallthrough":{"variation":"a"})", "json", R"([{"key":"a","value":[1]}])")) ==
          "left out: a value is not an object");
    CHECK(written("{}") == "left out: it cannot be read");
}

TEST_CASE("attributes whose names JsonLogic reads otherwise have none") {
    CHECK(var_of("plan") == R"({"var":"plan"})");
    CHECK(var_of("/app/version") == R"({"var":"app.version"})");
    for (const auto* name : {"", "a.b", "$flagd", "0", "length", "__proto__", "/a/0", "/a/", "/", "a/b\\c"}) {
        CAPTURE(name);
        CHECK(var_of(name).empty());
    }
}

TEST_CASE("targeting is bounded") {
    std::string values;
    for (int i = 0; i < 100'000; ++i) values += (i == 0 ? "\"user-" : ",\"user-") + std::to_string(i) + "\"";
    const auto target = R"({"attribute":"targetingKey","values":[)" + values + R"(],"variation":"on"})";
    CHECK(targeting(flag("f", R"("targets":[)" + target + "]," + fall_off)) ==
          "left out: its targeting would be longer than 1 MiB");
}

TEST_CASE("changes are named with what depends on them") {
    wire::ItemSet before;
    put(before, "flag/a", flag("a", fall_off));
    put(before, "flag/b", flag("b", R"("prerequisites":[{"flag":"a","variations":["on"]}],)" + std::string(fall_off)));
    put(before, "flag/c", flag("c", rule(R"({"op":"in_segment","values":["s"]})")));
    put(before, "flag/d", flag("d", fall_off));
    put(before, "segment/s", R"({"key":"s"})");
    put(before, "access/k", "{}");
    const auto changes = [&](const wire::ItemSet& after) {
        std::string text;
        for (const auto& change : changed_flags(before, after)) text += change.flag + std::to_string(int(change.kind));
        return text;
    };
    auto after = before;
    CHECK(changes(after).empty());
    put(after, "access/k", R"({"id":"k"})");
    CHECK(changes(after).empty());
    put(after, "flag/a", flag("a", R"("fallthrough":{"variation":"on"})"));
    CHECK(changes(after) == "a1b1");
    after = before;
    put(after, "segment/s", R"({"key":"s","version":2})");
    CHECK(changes(after) == "c1");
    after = before;
    after.erase("flag/d");
    put(after, "flag/e", flag("e", fall_off));
    CHECK(changes(after) == "d2e0");
}
