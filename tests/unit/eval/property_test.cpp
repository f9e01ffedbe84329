// What holds for every ruleset and every context, tried on random ones: an answer and no crash, no allocation, and the same
// answer however the ruleset arrived. A failure prints its seed.

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "common/eval/run/evaluator.hpp"
#include "common/json/writer.hpp"
#include "common/wire/delta.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/counted_heap.hpp"
#include "tests/unit/eval/random_ruleset.hpp"

using namespace fanion;
using test::Random;
using test::RandomItem;

namespace {

constexpr std::uint64_t rulesets = 1000;
constexpr int contexts_per_ruleset = 12;

UnixMillis random_now(Random& random) {
    constexpr UnixMillis times[] = {
        0, -2, 1'763'719'999'999, 1'763'720'000'000, 1'763'720'000'001, 253'402'300'799'999};
    return random.pick(times);
}

wire::ItemSet item_set(const std::vector<RandomItem>& items) {
    wire::ItemSet set;
    for (const auto& item : items) set.put(item.key, std::make_shared<const std::string>(item.body));
    return set;
}

eval::RulesetPtr compile_set(const wire::ItemSet& set, const eval::Ruleset* previous = nullptr) {
    std::vector<eval::Item> items;
    for (const auto& [key, item] : set.items()) items.push_back({key, item.body});
    auto ruleset = eval::compile(items, previous);
    REQUIRE(ruleset);
    return *ruleset;
}

eval::RulesetPtr compile_shuffled(const wire::ItemSet& set, Random& random) {
    std::vector<eval::Item> items;
    for (const auto& [key, item] : set.items()) items.push_back({key, item.body});
    for (auto left = items.size(); left > 1; --left) std::swap(items[left - 1], items[random.below(left)]);
    auto ruleset = eval::compile(items);
    REQUIRE(ruleset);
    return *ruleset;
}

// The content of `to`, reached as a relay reaches it: from `from` by the lines of a delta.
wire::ItemSet through_delta(const wire::ItemSet& from, const wire::ItemSet& to) {
    std::string lines;
    wire::append_changes(lines, wire::changes_between(from, to));
    auto set = from;
    REQUIRE(wire::apply_item_lines(set, lines, false));
    REQUIRE(set.root() == to.root());
    REQUIRE(set == to);
    return set;
}

std::string answer(const eval::Ruleset& ruleset, std::string_view flag, json::Value context, UnixMillis now) {
    std::string out;
    eval::append_json(out, eval::evaluate(ruleset, flag, context, now));
    return out;
}

std::vector<std::string> flag_keys(const std::vector<RandomItem>& items) {
    std::vector<std::string> keys{"unknown"};
    for (const auto& item : items)
        if (item.key.starts_with("flag/")) keys.push_back(item.key.substr(5));
    return keys;
}

std::size_t allocations_of(const eval::Ruleset& ruleset, std::string_view flag, json::Value context, UnixMillis now) {
    const auto before = test::heap_uses();
    const auto evaluation = eval::evaluate(ruleset, flag, context, now);
    const auto after = test::heap_uses();
    return evaluation.flag == flag ? after - before : 1;
}

// One ruleset in all the forms it can have.
struct Forms {
    std::vector<eval::RulesetPtr> all;

    Forms(std::uint64_t seed, const std::vector<RandomItem>& items) {
        Random random(seed);
        const auto whole = item_set(items);
        const auto older = item_set(test::random_items(seed, 2));
        all.push_back(compile_set(whole));
        all.push_back(compile_set(whole));
        all.push_back(compile_shuffled(whole, random));
        const auto before = compile_set(older);
        const auto patched = through_delta(older, whole);
        all.push_back(compile_set(patched, before.get()));
        all.push_back(compile_set(through_delta(wire::ItemSet(), whole), before.get()));
        auto plain = eval::compile_plain(test::plain_form(items));
        REQUIRE(plain);
        all.push_back(*plain);
    }
};

}  // namespace

TEST_CASE("the same answer in every form of a ruleset, and nothing allocated") {
    std::size_t served = 0;
    for (std::uint64_t seed = 1; seed <= rulesets; ++seed) {
        INFO("seed " << seed);
        const auto items = test::random_items(seed, 1);
        INFO(test::plain_form(items));
        const Forms forms(seed, items);
        Random random(seed);
        json::Document context;
        for (int i = 0; i < contexts_per_ruleset; ++i) {
            const auto text = test::random_context(random);
            INFO(text);
            REQUIRE(context.parse(text));
            const auto now = random_now(random);
            for (const auto& flag : flag_keys(items)) {
                const auto expected = answer(*forms.all[0], flag, context.root(), now);  // RE2 meets its states
                for (const auto& form : forms.all)
                    if (answer(*form, flag, context.root(), now) != expected) FAIL("another answer for " << flag);
                if (allocations_of(*forms.all[0], flag, context.root(), now) != 0) FAIL("allocates for " << flag);
                served += expected.find(R"("rule":)") == std::string::npos ? 0 : 1;
            }
        }
    }
    CHECK(served > rulesets);  // the generator reaches the rules
}

TEST_CASE("two editions of a ruleset differ, and each reaches the other by a delta") {
    std::size_t different = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        INFO("seed " << seed);
        const auto one = item_set(test::random_items(seed, 1));
        const auto two = item_set(test::random_items(seed, 2));
        const auto there = through_delta(one, two);
        CHECK(through_delta(there, one).root() == one.root());
        different += one.root() == two.root() ? 0 : 1;
    }
    CHECK(different > 200);
}

TEST_CASE("a sample is written as vectors") {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("format", "fanion-vectors/1").key("groups").begin_array();
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        const auto items = test::random_items(seed, 1);
        const auto ruleset = compile_set(item_set(items));
        w.begin_object().member("name", "seed " + std::to_string(seed)).member("ruleset_text", test::plain_form(items));
        w.key("cases").begin_array();
        Random random(seed);
        json::Document context;
        for (int i = 0; i < contexts_per_ruleset; ++i) {
            const auto text = test::random_context(random);
            REQUIRE(context.parse(text));
            const auto now = random_now(random);
            for (const auto& flag : flag_keys(items)) {
                w.begin_object().member("name", flag + " " + std::to_string(i)).member("flag", flag);
                w.member("context_text", text).member("now", std::int64_t{now});
                w.member("expect_text", answer(*ruleset, flag, context.root(), now)).end_object();
            }
        }
        w.end_array().end_object();
    }
    w.end_array().end_object();
    std::ofstream file(FANION_GENERATED_VECTORS, std::ios::binary);
    file << out;
    CHECK(file.flush());
}
