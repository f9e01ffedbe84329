#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "common/eval/check/check.hpp"

using namespace fanion;

namespace {

struct Marked {
    bool client = true;
    std::string segment{};       // that its rule refers to
    std::string prerequisite{};  // of a flag
};

std::string rules_of(const Marked& marked, const std::string& serve) {
    if (marked.segment.empty()) return "[]";
    return R"([{"id":"r1","when":{"op":"in_segment","values":[")" + marked.segment + R"("]})" + serve + "}]";
}

std::string flag_of(const std::string& key, const Marked& marked) {
    const auto prerequisites =
        marked.prerequisite.empty() ? "[]" : R"([{"flag":")" + marked.prerequisite + R"(","variations":["on"]}])";
    return R"({"key":")" + key + R"(","type":"boolean","version":1,"enabled":true,"client":)" +
           (marked.client ? "true" : "false") +
           R"(,"variations":[{"key":"on","value":true},{"key":"off","value":false}],"off":"off","prerequisites":)" +
           prerequisites + R"(,"targets":[],"rules":)" + rules_of(marked, R"(,"serve":{"variation":"off"})") +
           R"(,"fallthrough":{"variation":"on"},"salt":"s","track":false})";
}

std::string segment_of(const std::string& key, const Marked& marked) {
    return R"({"key":")" + key + R"(","version":1,)" + (marked.client ? R"("client":true,)" : "") +
           R"("included":[],"excluded":[],"rules":)" + rules_of(marked, "") + "}";
}

// By key, as items are: flag/a, segment/s. Client keys may have rules.
using Ruleset = std::map<std::string, Marked>;

std::vector<eval::Warning> loss(const Ruleset& before, const Ruleset& after, std::string_view changed,
                                bool has_rules = true) {
    std::vector<std::string> keys;
    keys.reserve(before.size() + after.size());  // items' keys are views into it
    const auto items_of = [&](const Ruleset& ruleset) {
        std::vector<eval::Item> items;
        items.push_back({"access/k", std::make_shared<const std::string>(R"({"id":"k","kind":"client","sha256":")" +
                                                                         std::string(64, 'a') + R"(","origins":[])" +
                                                                         (has_rules ? R"(,"rules":true})" : "}"))});
        for (const auto& [key, marked] : ruleset) {
            keys.push_back(key);
            const auto name = key.substr(key.find('/') + 1);
            const auto body = key.starts_with("flag/") ? flag_of(name, marked) : segment_of(name, marked);
            items.push_back({keys.back(), std::make_shared<const std::string>(body)});
        }
        return items;
    };
    const auto was = items_of(before);
    const auto is = items_of(after);
    return eval::check_client_loss(was, is, changed);
}

const Ruleset whole = {
    {"flag/alone", {}},
    {"flag/behind", {.prerequisite = "seen"}},
    {"flag/inner", {.segment = "outer"}},
    {"flag/secret", {.client = false, .segment = "staff"}},
    {"flag/seen", {.segment = "staff"}},
    {"segment/outer", {.segment = "staff"}},
    {"segment/staff", {}},
};

Ruleset with(const std::string& key, Marked marked) {
    auto changed = whole;
    changed[key] = std::move(marked);
    return changed;
}

}  // namespace

TEST_CASE("a segment that is not for client keys any more takes the flags that refer to it along") {
    const auto after = with("segment/staff", {.client = false});
    const auto found = loss(whole, after, "segment/staff");
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "withheld_from_clients");
    CHECK(found[0].item == "segment/staff");
    CHECK(found[0].pointer == "/client");
    CHECK(found[0].detail.find(": `behind`, `inner`, `seen`.") != std::string::npos);
    CHECK(loss(whole, after, "segment/staff", false).empty());
    CHECK(loss(after, after, "segment/staff").empty());  // as before
    CHECK(loss(after, whole, "segment/staff").empty());
}

TEST_CASE("a flag that is not for client keys any more takes those that it is a prerequisite of along") {
    const auto found = loss(whole, with("flag/seen", {.client = false, .segment = "staff"}), "flag/seen");
    REQUIRE(found.size() == 1);
    CHECK(found[0].pointer == "/client");
    CHECK(found[0].detail.find(": `behind`.") != std::string::npos);
    CHECK(loss(whole, with("flag/alone", {.client = false}), "flag/alone").empty());
}

TEST_CASE("an item that refers to what is not for client keys takes flags along too") {
    auto before = whole;
    before["segment/hidden"] = {.client = false};
    auto after = before;
    after["segment/outer"].segment = "hidden";
    const auto found = loss(before, after, "segment/outer");
    REQUIRE(found.size() == 1);
    CHECK(found[0].pointer.empty());
    CHECK(found[0].detail.find(": `inner`.") != std::string::npos);
}

TEST_CASE("no more than twenty flags are named") {
    Ruleset before = {{"segment/staff", {}}};
    for (int i = 10; i < 35; ++i) before["flag/f" + std::to_string(i)] = {.segment = "staff"};
    auto after = before;
    after["segment/staff"].client = false;
    const auto found = loss(before, after, "segment/staff");
    REQUIRE(found.size() == 1);
    CHECK(found[0].detail.find("`f29` and 5 more.") != std::string::npos);
}
