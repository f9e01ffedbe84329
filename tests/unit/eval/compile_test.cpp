#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "common/eval/run/evaluator.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/seed.hpp"
#include "tests/unit/eval/rulesets.hpp"

using namespace fanion;
using test::flag_body;
using test::Items;
using test::segment_body;

namespace {

constexpr int flags = 40;
constexpr int segments = 8;

std::string key_of(const char* prefix, std::size_t i) { return prefix + std::to_string(i); }

// Flags that refer to later flags and to segments; `seed` changes what they say.
std::string random_flag(std::size_t index, std::mt19937& random) {
    std::string more = R"(,"rules":[{"id":"r","when":{"all":[{"op":"in_segment","values":["s)" +
                       std::to_string(random() % segments) + R"("]},{"attribute":"n","op":"gt","values":[)" +
                       std::to_string(random() % 10) + R"(]}]},"serve":{"split":{"ranges":[[0,)" +
                       std::to_string(random() % 100'000) + R"(,"on"]],"otherwise":"next"}}}])";
    if (index + 7 < flags && random() % 3 == 0)
        more += R"(,"prerequisites":[{"flag":"f)" + std::to_string(index + 7) + R"(","variations":["off"]}])";
    return flag_body(key_of("f", index), more, static_cast<int>(random() % 100));
}

std::string random_segment(std::size_t index, std::mt19937& random) {
    return segment_body(key_of("s", index), R"(,"included":[{"attribute":"targetingKey","values":["u)" +
                                                std::to_string(random() % 20) + R"(","u3","u7"]}])");
}

Items random_items(std::mt19937& random) {
    Items items;
    for (std::size_t i = 0; i < flags; ++i) items.put("flag/" + key_of("f", i), random_flag(i, random));
    for (std::size_t i = 0; i < segments; ++i) items.put("segment/" + key_of("s", i), random_segment(i, random));
    return items;
}

// Everything a ruleset answers for twenty contexts.
std::string answers(const eval::Ruleset& ruleset) {
    std::string out;
    json::Document context;
    for (int user = 0; user < 20; ++user) {
        const auto text =
            R"({"targetingKey":"u)" + std::to_string(user) + R"(","n":)" + std::to_string(user % 10) + "}";
        REQUIRE(context.parse(text));
        for (std::size_t flag = 0; flag < ruleset.flag_count(); ++flag) {
            eval::append_json(out, eval::evaluate(ruleset, flag, context.root(), 0));
            out += '\n';
        }
    }
    return out;
}

eval::RulesetPtr compiled(const Items& items, const eval::Ruleset* previous = nullptr) {
    const auto view = items.view();
    auto result = eval::compile(view, previous);
    REQUIRE(result);
    return *result;
}

std::string only_code(const Items& items) {
    const auto view = items.view();
    const auto result = eval::compile(view);
    REQUIRE_FALSE(result);
    REQUIRE(result.error().findings.size() == 1);
    return result.error().findings.front().code;
}

}  // namespace

TEST_CASE("compiling with a predecessor yields the same as without") {
    std::mt19937 random(test::seed_or(7));
    auto items = random_items(random);
    auto previous = compiled(items);
    for (int round = 0; round < 30; ++round) {
        for (auto changes = random() % 4; changes > 0; --changes) {
            const auto i = random() % flags;
            items.put("flag/" + key_of("f", i), random_flag(i, random));
        }
        if (random() % 2 == 0) {
            const auto i = random() % segments;
            items.put("segment/" + key_of("s", i), random_segment(i, random));
        }
        if (round % 5 == 0) items.put("flag/extra" + std::to_string(round), flag_body("extra" + std::to_string(round)));
        if (round % 5 == 3) items.erase("flag/extra" + std::to_string(round - 3));
        const auto next = compiled(items, previous.get());
        CHECK(answers(*next) == answers(*compiled(items)));
        CHECK(answers(*next) == answers(*compiled(items.copy(), previous.get())));
        previous = next;
    }
}

TEST_CASE("a ruleset outlives the one it was compiled from") {
    std::mt19937 random(test::seed_or(9));
    const auto items = random_items(random);
    auto first = compiled(items);
    const auto expected = answers(*first);
    const auto second = compiled(items, first.get());
    first.reset();
    CHECK(answers(*second) == expected);
}

TEST_CASE("an unchanged item keeps its prepared form") {
    Items items;
    items.put("flag/a", flag_body("a"));
    items.put("flag/b", flag_body("b"));
    const auto first = compiled(items);
    items.put("flag/b", flag_body("b", "", 2));
    const auto second = compiled(items, first.get());
    CHECK(first->flag_info(0).key.data() == second->flag_info(0).key.data());
    CHECK(first->flag_info(1).key.data() != second->flag_info(1).key.data());
    const auto equal_bytes = compiled(items.copy(), second.get());
    CHECK(equal_bytes->flag_info(1).key.data() == second->flag_info(1).key.data());
}

TEST_CASE("an unchanged item is still rejected when an item that it refers to is gone") {
    Items items;
    items.put("flag/a", flag_body("a", R"(,"prerequisites":[{"flag":"b","variations":["on"]}])"));
    items.put("flag/b", flag_body("b"));
    const auto first = compiled(items);
    items.erase("flag/b");
    const auto view = items.view();
    const auto second = eval::compile(view, first.get());
    REQUIRE_FALSE(second);
    CHECK(second.error().findings.front().code == "unknown_reference");
}

TEST_CASE("the order of items makes no difference") {
    std::mt19937 random(test::seed_or(11));
    const auto items = random_items(random);
    const auto expected = answers(*compiled(items));
    for (int round = 0; round < 5; ++round) {
        auto view = items.view();
        std::shuffle(view.begin(), view.end(), random);
        const auto shuffled = eval::compile(view);
        REQUIRE(shuffled);
        CHECK(answers(**shuffled) == expected);
    }
}

TEST_CASE("flags are listed in the order of their keys' bytes and found by key") {
    Items items;
    for (const char* key : {"b", "a.1", "Z", "a-1", "a"}) items.put(std::string("flag/") + key, flag_body(key));
    const auto ruleset = compiled(items);
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < ruleset->flag_count(); ++i) {
        keys.emplace_back(ruleset->flag_info(i).key);
        CHECK(ruleset->find_flag(keys.back()) == i);
    }
    CHECK(keys == std::vector<std::string>{"Z", "a", "a-1", "a.1", "b"});
    CHECK(ruleset->find_flag("c") == eval::Ruleset::npos);
}

TEST_CASE("access entries and the environment are read, other kinds are ignored, redacted items have no content") {
    const std::string hash(64, 'a');
    Items items;
    items.put("flag/f", flag_body("f", R"(,"client":true,"track":true)"));
    items.put("access/k1", R"({"id":"k1","kind":"client","sha256":")" + hash + R"(","not_after":5,"origins":["*"]})");
    items.put_redacted("access/k2");
    items.put("environment", R"({"org":"acme","project":"web","key":"production","env_id":"e_1","later":1})");
    items.put("future/thing", "not even JSON");
    for (const auto& ruleset : {compiled(items), compiled(items, compiled(items).get())}) {
        REQUIRE(ruleset->access().size() == 1);
        CHECK(ruleset->access()[0].kind == model::AccessEntry::Kind::client);
        CHECK(ruleset->access()[0].not_after == 5);
        CHECK(ruleset->access()[0].not_before == std::nullopt);
        REQUIRE(ruleset->environment() != nullptr);
        CHECK(ruleset->environment()->key == "production");
        CHECK(ruleset->flag_info(0).client);
        CHECK(ruleset->flag_info(0).track);
        CHECK(ruleset->flag_info(0).version == 1);
        CHECK(ruleset->flag_info(0).variations == 2);
    }
}

TEST_CASE("items that contradict their key, or come twice, are refused") {
    Items other;
    other.put("flag/a", flag_body("b"));
    CHECK(only_code(other) == "malformed");
    Items segment;
    segment.put("segment/a", segment_body("b"));
    CHECK(only_code(segment) == "malformed");
    Items access;
    access.put("access/a", R"({"id":"b","kind":"server","sha256":")" + std::string(64, '0') + R"("})");
    CHECK(only_code(access) == "malformed");

    const auto body = std::make_shared<const std::string>(flag_body("a"));
    const std::vector<eval::Item> twice{{"flag/a", body}, {"flag/a", body}};
    const auto result = eval::compile(twice);
    REQUIRE_FALSE(result);
    CHECK(result.error().findings.front().code == "duplicate");
    CHECK(result.error().findings.front().item == "flag/a");
}

TEST_CASE("a ruleset knows whether it reads $now") {
    const std::string rule = R"(,"rules":[{"id":"r","when":{"attribute":"$now","op":"after","values":[1]})";
    Items plain;
    plain.put("flag/a", flag_body("a"));
    CHECK_FALSE(compiled(plain)->reads_now());
    plain.put("flag/a", flag_body("a", rule + R"(,"serve":{"variation":"on"}}])"));
    CHECK(compiled(plain)->reads_now());
    Items in_segment;
    in_segment.put("segment/s", segment_body("s", rule + "}]"));
    CHECK(compiled(in_segment)->reads_now());
}

TEST_CASE("references exactly at the limit are accepted") {
    Items items;
    for (std::size_t i = 0; i < 8; ++i) {
        const auto next = std::to_string(i + 1);
        items.put("flag/" + key_of("f", i),
                  flag_body(key_of("f", i), R"(,"prerequisites":[{"flag":"f)" + next + R"(","variations":["off"]}])"));
        items.put(
            "segment/" + key_of("s", i),
            segment_body(key_of("s", i), R"(,"rules":[{"when":{"op":"in_segment","values":["s)" + next + R"("]}}])"));
    }
    items.put("flag/f8", flag_body("f8"));
    items.put("segment/s8", segment_body("s8", R"(,"included":[{"attribute":"targetingKey","values":["u"]}])"));
    items.put("flag/g", flag_body("g", R"(,"rules":[{"id":"r","when":{"op":"in_segment","values":["s0"]},)"
                                       R"("serve":{"variation":"on"}}])"));
    const auto ruleset = compiled(items);
    json::Document context;
    REQUIRE(context.parse(R"({"targetingKey":"u"})"));
    CHECK(eval::evaluate(*ruleset, "f0", context.root(), 0).reason == eval::Reason::default_value);
    CHECK(eval::evaluate(*ruleset, "g", context.root(), 0).reason == eval::Reason::targeting_match);
}

TEST_CASE("limits on sizes") {
    Items large_flag;
    large_flag.put("flag/a", flag_body("a", ",\"x\":\"" + std::string(60'000, 'x') + "\",\"l\":[" +
                                                std::string(300'000, ' ') + "]"));
    CHECK(only_code(large_flag) == "limit");

    std::vector<std::string> keys;
    const auto body = std::make_shared<const std::string>("{}");
    for (std::size_t i = 0; i <= limits::flags; ++i) keys.push_back("flag/f" + std::to_string(i));
    std::vector<eval::Item> many;
    for (const auto& key : keys) many.push_back({key, nullptr});
    const auto too_many = eval::compile(many);
    REQUIRE_FALSE(too_many);
    CHECK(too_many.error().findings.front().code == "limit");

    const auto large = std::make_shared<const std::string>(limits::environment_bytes, ' ');
    const std::vector<eval::Item> too_large{{"future/x", large}};
    const auto refused = eval::compile(too_large);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().findings.front().code == "limit");
}

TEST_CASE("a list of 100,000 values is accepted, one more is not") {
    const auto with_values = [](std::size_t count) {
        std::string body = R"({"key":"s","included":[{"attribute":"targetingKey","values":[)";
        for (std::size_t i = 0; i < count; ++i) body += (i == 0 ? "\"user-" : ",\"user-") + std::to_string(i) + "\"";
        Items items;
        items.put("segment/s", body + "]}]}");
        items.put("flag/f", flag_body("f", R"(,"rules":[{"id":"r","when":{"op":"in_segment","values":["s"]},)"
                                           R"("serve":{"variation":"on"}}])"));
        return items;
    };
    const auto ruleset = compiled(with_values(100'000));
    json::Document context;
    REQUIRE(context.parse(R"({"targetingKey":"user-99999"})"));
    CHECK(eval::evaluate(*ruleset, "f", context.root(), 0).variation == "on");
    REQUIRE(context.parse(R"({"targetingKey":"user-100000"})"));
    CHECK(eval::evaluate(*ruleset, "f", context.root(), 0).variation == "off");
    CHECK(only_code(with_values(100'001)) == "limit");
}

TEST_CASE("references that fan out cost one answer each") {
    Items items;  // 8 levels of 8 segments, each naming all of the level below: 8^7 paths without a memo
    const auto name = [](int level, int i) { return "l" + std::to_string(level) + "-" + std::to_string(i); };
    for (int level = 0; level < 8; ++level) {
        std::string below;
        for (int i = 0; i < 8; ++i) below += (i == 0 ? "\"" : ",\"") + name(level - 1, i) + "\"";
        for (int i = 0; i < 8; ++i)
            items.put("segment/" + name(level, i),
                      level == 0 ? segment_body(name(level, i))
                                 : segment_body(name(level, i),
                                                R"(,"rules":[{"when":{"op":"in_segment","values":[)" + below + "]}}]"));
    }
    items.put("flag/f", flag_body("f", R"(,"rules":[{"id":"r","when":{"op":"in_segment","values":["l7-0"]},)"
                                       R"("serve":{"variation":"on"}}])"));
    const auto ruleset = compiled(items);
    CHECK(eval::evaluate(*ruleset, "f", json::Value(), 0).variation == "off");
}
