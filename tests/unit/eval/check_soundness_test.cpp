// Rulesets made at random from few attributes and values, so that rules often meet, and contexts made to hit them: lists, missing
// attributes and odd types included. What the checks say of every context must hold for each of these.

#include <random>
#include <set>

#include "common/base/text.hpp"
#include "common/eval/check/check.hpp"
#include "common/eval/run/evaluator.hpp"
#include "common/json/writer.hpp"
#include "tests/support/seed.hpp"
#include "tests/unit/eval/fixtures.hpp"
#include "tests/unit/eval/rulesets.hpp"

using namespace fanion;

namespace {

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class List>
    auto& pick(const List& list) {
        return list[below(std::size(list))];
    }

    // Rule i serves the variation v<i>, so that what served is known from the answer.
    std::string flag() {
        const std::size_t rules = 2 + below(4);
        std::string text;
        json::Writer w(text);
        w.begin_object().member("key", "f").member("type", "number").member("enabled", true).member("off", "rest");
        w.member("salt", pick(salts)).key("variations").begin_array();
        for (std::size_t i = 0; i < rules; ++i)
            w.begin_object().member("key", "v" + std::to_string(i)).member("value", 1).end_object();
        w.begin_object().member("key", "rest").member("value", 0).end_object().end_array();
        write_targets(w);
        w.key("rules").begin_array();
        for (std::size_t i = 0; i < rules; ++i) write_rule(w, i);
        w.end_array().key("fallthrough").begin_object().member("variation", "rest").end_object().end_object();
        return text;
    }

    std::string context(bool with_lists) {
        std::string text;
        json::Writer w(text);
        w.begin_object();
        for (const auto* name : attributes) {
            if (chance(15)) continue;
            w.key(name);
            if (with_lists && chance(35)) {
                w.begin_array();
                for (auto left = below(4); left > 0; --left) w.raw(value());
                w.end_array();
            } else {
                w.raw(value());
            }
        }
        w.end_object();
        return text;
    }

    UnixMillis now() { return static_cast<UnixMillis>(below(5)) * 10 + static_cast<UnixMillis>(below(3)) - 1; }

private:
    static constexpr const char* attributes[] = {"country", "age", "targetingKey"};
    static constexpr const char* references[] = {"country", "/country", "age", "targetingKey"};
    static constexpr const char* salts[] = {"s", "t"};
    static constexpr const char* values[] = {
        R"("DE")",       R"("de")",       R"("AT")",      R"("")",    "1",  "1.0", "2",
        R"("2")",        "true",          R"("1.0.0")",   R"("2.1")", "20", "30",  R"("a.b")",
        R"("1.0.0-rc")", R"("10.0.0.1")", R"("10.1.2.3")"};
    static constexpr const char* odd[] = {"null", "{}", "1e30", "-0.5", R"("1970-01-01T00:00:00.020Z")", R"("Dé")"};

    std::string value() { return chance(12) ? pick(odd) : pick(values); }

    void write_targets(json::Writer& w) {
        w.key("targets").begin_array();
        for (auto left = chance(40) ? 1 + below(2) : 0; left > 0; --left) {
            w.begin_object().member("attribute", pick(references)).key("values").begin_array();
            for (auto n = 1 + below(3); n > 0; --n) w.raw(pick(texts));
            w.end_array().member("variation", "rest").end_object();
        }
        w.end_array();
    }

    void write_rule(json::Writer& w, std::size_t index) {
        const auto variation = "v" + std::to_string(index);
        w.begin_object().member("id", variation).key("when");
        write_condition(w, 0);
        w.key("serve").begin_object();
        if (chance(70)) {
            w.member("variation", variation);
        } else {
            w.key("split").begin_object().member("by", pick(references)).key("ranges");
            const auto from = below(4) * 25'000;
            const auto to = from + (1 + below(4 - from / 25'000)) * 25'000;
            w.begin_array().begin_array().raw(std::to_string(from)).raw(std::to_string(to)).string(variation);
            w.end_array().end_array().member("otherwise", chance(60) ? std::string("next") : variation).end_object();
        }
        w.end_object().end_object();
    }

    void write_condition(json::Writer& w, int depth) {
        w.begin_object();
        const auto kind = depth >= 3 ? 9 : below(12);
        if (kind < 4) {
            w.key(chance(50) ? "all" : "any").begin_array();
            for (auto left = chance(5) ? 0 : 1 + below(3); left > 0; --left) write_condition(w, depth + 1);
            w.end_array();
        } else if (kind < 5) {
            w.key("not");
            write_condition(w, depth + 1);
        } else if (kind < 6) {
            write_bucket(w);
        } else {
            write_comparison(w);
        }
        w.end_object();
    }

    void write_bucket(json::Writer& w) {
        const auto from = below(5) * 20'000;
        w.key("bucket").begin_object().member("by", pick(references)).member("salt", pick(salts));
        if (chance(30)) w.member("hash", "djb2");
        w.key("from").raw(std::to_string(from)).key("to").raw(std::to_string(from + below(6 - from / 20'000) * 20'000));
        w.end_object();
    }

    void write_values(json::Writer& w, std::span<const char* const> from, std::size_t count) {
        w.key("values").begin_array();
        for (; count > 0; --count) w.raw(from[below(from.size())]);
        w.end_array();
    }

    void write_comparison(json::Writer& w) {
        const auto kind = below(20);
        if (kind == 0) {
            w.member("attribute", "$now").member("op", chance(50) ? "before" : "after");
            return write_values(w, times, 1);
        }
        w.member("attribute", pick(references));
        if (kind < 9) {
            w.member("op", chance(60) ? "one_of" : "not_one_of");
            if (chance(25)) w.member("ignore_case", true);
            write_values(w, values, chance(4) ? 0 : 1 + below(3));
        } else if (kind < 13) {
            w.member("op", pick(number_ops));
            write_values(w, numbers, 1);
        } else if (kind < 15) {
            w.member("op", pick(version_ops));
            write_values(w, versions, 1);
        } else if (kind < 17) {
            w.member("op", pick(text_ops));
            if (chance(25)) w.member("ignore_case", true);
            write_values(w, texts, 1 + below(2));
        } else if (kind == 17) {
            w.member("op", chance(50) ? "in_cidr" : "not_in_cidr");
            write_values(w, networks, 1 + below(2));
        } else if (kind == 18) {
            w.member("op", chance(50) ? "before" : "after");
            write_values(w, times, 1);
        } else {
            w.member("op", chance(50) ? "exists" : "not_exists");
        }
    }

    static constexpr const char* numbers[] = {"1", "2", "1.5", "20", R"("2")"};
    static constexpr const char* number_ops[] = {"gt", "gte", "lt", "lte"};
    static constexpr const char* versions[] = {R"("1.0.0")", R"("1.0.0-rc")", R"("2.1")", R"("v2.1.0")"};
    static constexpr const char* version_ops[] = {"version_eq", "version_gt", "version_gte", "version_lt",
                                                  "version_lte"};
    static constexpr const char* texts[] = {R"("DE")", R"("D")", R"("E")", R"("")", R"("de")", R"("a.b")", R"("1")"};
    static constexpr const char* text_ops[] = {"contains",  "not_contains",  "starts_with",  "not_starts_with",
                                               "ends_with", "not_ends_with", "matches_regex"};
    static constexpr const char* networks[] = {R"("10.0.0.0/8")", R"("10.0.0.0/16")", R"("10.0.0.1")", R"("::/0")"};
    static constexpr const char* times[] = {"10", "20", "30", R"("1970-01-01T00:00:00.020Z")"};

    std::mt19937 random_;
};

// "/rules/3" and what is below it, but no part of its condition.
std::optional<std::size_t> dead_rule(const eval::Warning& warning, bool with_lists) {
    const std::string suffix = with_lists ? "" : "_unless_list";
    if (warning.code != "unreachable_rule" + suffix && warning.code != "contradiction" + suffix) return std::nullopt;
    auto rest = std::string_view(warning.pointer);
    if (!rest.starts_with("/rules/")) return std::nullopt;
    rest.remove_prefix(7);
    const auto below = rest.substr(std::min(rest.find('/'), rest.size()));
    if (!below.empty() && below != "/when" && below != "/serve/split") return std::nullopt;
    return static_cast<std::size_t>(rest.front() - '0');
}

struct Seen {
    std::size_t rulesets_with_findings = 0;
    std::size_t dead_rules = 0;
    std::size_t live_rules = 0;  // that served someone
    std::set<std::string> codes;
};

void try_contexts(Generator& generator, const test::Items& items, bool with_lists, Seen& seen) {
    const auto view = items.view();
    const auto ruleset = eval::compile(view);
    REQUIRE(ruleset.has_value());
    std::set<std::size_t> dead;
    for (const auto& warning : eval::check(view)) {
        seen.codes.insert(warning.code);
        if (const auto rule = dead_rule(warning, true)) dead.insert(*rule);
        if (const auto rule = dead_rule(warning, false); rule && !with_lists) dead.insert(*rule);
    }
    seen.rulesets_with_findings += dead.empty() ? 0 : 1;
    seen.dead_rules += dead.size();
    std::set<std::size_t> served;
    json::Document context;
    for (int i = 0; i < 60; ++i) {
        const auto text = generator.context(with_lists);
        REQUIRE(context.parse(text).has_value());
        const auto answer = eval::evaluate(**ruleset, "f", context.root(), generator.now());
        if (answer.rule.empty()) continue;
        const auto rule = static_cast<std::size_t>(answer.rule[1] - '0');
        served.insert(rule);
        if (!dead.contains(rule)) continue;
        INFO(*view.front().body << "\n" << text);
        FAIL("rule " << rule << " was called unreachable, and served");
    }
    seen.live_rules += served.size();
}

Seen run(unsigned seed, int rulesets, bool with_lists) {
    Generator generator(test::seed_or(seed));
    Seen seen;
    for (int i = 0; i < rulesets; ++i) {
        test::Items items;
        items.put("flag/f", generator.flag());
        try_contexts(generator, items, with_lists, seen);
    }
    return seen;
}

}  // namespace

TEST_CASE("a rule called unreachable serves for no context") {
    const auto seen = run(20261121, 3000, true);
    CHECK(seen.rulesets_with_findings > 500);
    CHECK(seen.dead_rules > 700);
    CHECK(seen.live_rules > 2500);
    CHECK(seen.codes.contains("always_true"));
    CHECK(seen.codes.contains("contradiction"));
    CHECK(seen.codes.contains("unreachable_rule"));
}

TEST_CASE("a rule called unreachable unless an attribute is a list serves for no context without lists") {
    const auto seen = run(7, 3000, false);
    CHECK(seen.dead_rules > 1000);
    CHECK(seen.live_rules > 2500);
    CHECK(seen.codes.contains("contradiction_unless_list"));
    CHECK(seen.codes.contains("unreachable_rule_unless_list"));
}
