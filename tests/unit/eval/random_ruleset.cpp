#include "tests/unit/eval/random_ruleset.hpp"

#include <array>

namespace fanion::test {
namespace {

struct Operator {
    std::string_view name;
    std::vector<const Pool*> operands;  // empty: takes none
    bool one_operand;
    bool folds;
};

const std::vector<Operator>& operators() {
    static const std::vector<Operator> all = {
        {"is", {&pools::texts, &pools::numbers}, true, true},
        {"is_not", {&pools::texts, &pools::numbers}, true, true},
        {"one_of", {&pools::texts, &pools::numbers, &pools::addresses}, false, true},
        {"not_one_of", {&pools::texts, &pools::numbers}, false, true},
        {"contains", {&pools::texts}, false, true},
        {"not_contains", {&pools::texts}, false, true},
        {"starts_with", {&pools::texts}, false, true},
        {"not_starts_with", {&pools::texts}, false, true},
        {"ends_with", {&pools::texts}, false, true},
        {"not_ends_with", {&pools::texts}, false, true},
        {"matches_regex", {&pools::patterns}, false, true},
        {"not_matches_regex", {&pools::patterns}, false, true},
        {"gt", {&pools::numbers, &pools::numeric_texts}, true, false},
        {"gte", {&pools::numbers, &pools::numeric_texts}, true, false},
        {"lt", {&pools::numbers, &pools::numeric_texts}, true, false},
        {"lte", {&pools::numbers, &pools::numeric_texts}, true, false},
        {"version_eq", {&pools::versions}, true, false},
        {"version_gt", {&pools::versions}, true, false},
        {"version_gte", {&pools::versions}, true, false},
        {"version_lt", {&pools::versions}, true, false},
        {"version_lte", {&pools::versions}, true, false},
        {"before", {&pools::times}, true, false},
        {"after", {&pools::times}, true, false},
        {"in_cidr", {&pools::networks}, false, false},
        {"not_in_cidr", {&pools::networks}, false, false},
        {"exists", {}, false, false},
        {"not_exists", {}, false, false},
    };
    return all;
}

// One item's text. References go to numbers above its own.
class Writer {
public:
    Writer(std::uint64_t seed, std::size_t flags, std::size_t segments)
        : random_(seed), flags_(flags), segments_(segments) {}

    std::string flag(std::size_t index) {
        const auto type = random_.below(4);
        std::string out = R"({"key":"f)" + std::to_string(index) + R"(","type":")" +
                          std::array{"boolean", "string", "number", "json"}[type] + R"(","version":)" +
                          std::to_string(random_.below(1000)) +
                          (random_.chance(85) ? R"(,"enabled":true)" : R"(,"enabled":false)");
        const auto values = std::array<Pool, 4>{Pool{"true", "false", "true"}, Pool{R"("x")", R"("")", R"("ü\n")"},
                                                Pool{"1.0", "1", "18446744073709551615"},
                                                Pool{R"({"a":[1.50,null]})", "[]", R"({"b":{},"a":"\u0001"})"}}[type];
        out += R"(,"variations":[{"key":"on","value":)" + std::string(values[0]) + R"(},{"key":"off","value":)" +
               std::string(values[1]) + R"(},{"key":"v3","value":)" + std::string(values[2]) + "}]";
        out += random_.chance(80) ? R"(,"off":)" + quote(variation()) : R"(,"off":null)";
        if (random_.chance(40)) out += R"(,"salt":)" + quote(random_.pick(Pool{"checkout", "s", "é"}));
        if (index + 1 < flags_ && random_.chance(50)) out += R"(,"prerequisites":[)" + prerequisites(index) + "]";
        if (random_.chance(40)) out += R"(,"targets":[)" + targets(true) + "]";
        if (random_.chance(85)) out += R"(,"rules":[)" + rules(true) + "]";
        return out + R"(,"fallthrough":)" + serve(false) + "}";
    }

    std::string segment(std::size_t index) {
        first_segment_ = index + 1;
        in_segment_ = true;
        std::string out =
            R"({"key":"s)" + std::to_string(index) + R"(","version":)" + std::to_string(random_.below(1000));
        if (random_.chance(50)) out += R"(,"included":[)" + targets(false) + "]";
        if (random_.chance(50)) out += R"(,"excluded":[)" + targets(false) + "]";
        if (random_.chance(80)) out += R"(,"rules":[)" + rules(false) + "]";
        return out + "}";
    }

private:
    template <class Make>
    std::string list(std::size_t low, std::size_t high, Make make) {
        std::string out;
        for (std::size_t count = low + random_.below(high - low + 1); count > 0; --count)
            out += (out.empty() ? "" : ",") + make();
        return out;
    }

    std::string variation() { return std::string(random_.pick(Pool{"on", "off", "v3"})); }

    std::string prerequisites(std::size_t index) {
        return list(1, 2, [&] {
            const auto other = index + 1 + random_.below(flags_ - index - 1);
            return R"({"flag":"f)" + std::to_string(other) + R"(","variations":[)" +
                   list(1, 2, [&] { return quote(variation()); }) + "]}";
        });
    }

    std::string targets(bool of_flag) {
        return list(1, 2, [&] {
            return R"({"attribute":)" + quote(random_.pick(pools::attributes)) + R"(,"values":[)" +
                   list(0, 3, [&] { return std::string(random_.pick(pools::texts)); }) + "]" +
                   (of_flag ? R"(,"variation":)" + quote(variation()) : "") + "}";
        });
    }

    std::string rules(bool of_flag) {
        std::size_t number = 0;
        return list(1, 3, [&] {
            const auto id = of_flag ? R"("id":"r)" + std::to_string(number++) + R"(",)" : std::string();
            return "{" + id + R"("when":)" + condition(0) + (of_flag ? R"(,"serve":)" + serve(true) : "") + "}";
        });
    }

    std::string bucketing(bool salt_needed) {
        std::string out;
        if (random_.chance(50)) out += R"("by":)" + quote(random_.pick(pools::attributes)) + ",";
        if (salt_needed || random_.chance(40))
            out += R"("salt":)" + quote(random_.pick(Pool{"checkout", "layer", ":"})) + ",";
        if (random_.chance(40)) out += random_.chance(50) ? R"("hash":"djb2",)" : R"("hash":"murmur3",)";
        return out;
    }

    std::string serve(bool in_rule) {
        if (random_.chance(50)) return R"({"variation":)" + quote(variation()) + "}";
        std::string ranges;
        std::size_t slot = random_.chance(50) ? 0 : random_.below(50'000);
        for (std::size_t count = random_.below(4); count > 0 && slot < 99'999; --count) {
            const auto end = slot + 1 + random_.below(100'000 - slot);
            ranges += (ranges.empty() ? "[" : ",[") + std::to_string(slot) + "," + std::to_string(end) + "," +
                      quote(variation()) + "]";
            slot = end;
        }
        const auto otherwise = in_rule && random_.chance(50) ? "next" : variation();
        return R"({"split":{)" + bucketing(false) + R"("ranges":[)" + ranges + R"(],"otherwise":)" + quote(otherwise) +
               "}}";
    }

    std::string condition(int depth) {
        const auto kind = random_.below(depth < 4 ? 100 : 60);
        if (kind < 45) return comparison();
        if (kind < 52) return bucket();
        if (kind < 60) return membership();
        if (kind < 70) return R"({"not":)" + condition(depth + 1) + "}";
        return std::string(kind < 85 ? R"({"all":[)" : R"({"any":[)") +
               list(0, 3, [&] { return condition(depth + 1); }) + "]}";
    }

    std::string bucket() {
        const auto from = random_.below(100'000);
        const auto to = from + 1 + random_.below(100'000 - from);
        return R"({"bucket":{)" + bucketing(in_segment_) + R"("from":)" + std::to_string(from) + R"(,"to":)" +
               std::to_string(to) + "}}";
    }

    std::string membership() {
        std::string keys;
        if (first_segment_ < segments_)
            keys = list(0, 2, [&] {
                return R"("s)" + std::to_string(first_segment_ + random_.below(segments_ - first_segment_)) + "\"";
            });
        return std::string(random_.chance(50) ? R"({"op":"in_segment","values":[)"
                                              : R"({"op":"not_in_segment","values":[)") +
               keys + "]}";
    }

    std::string comparison() {
        const auto& op = random_.pick(operators());
        const bool of_now = (op.name == "before" || op.name == "after") && random_.chance(40);
        std::string out = R"({"attribute":)" + (of_now ? quote("$now") : quote(random_.pick(pools::attributes))) +
                          R"(,"op":)" + quote(op.name);
        if (!op.operands.empty()) {
            const auto operand = [&] { return std::string(random_.pick(*random_.pick(op.operands))); };
            out += R"(,"values":[)" + (op.one_operand ? operand() : list(0, 3, operand)) + "]";
        }
        if (op.folds && random_.chance(40)) out += R"(,"ignore_case":true)";
        return out + "}";
    }

    Random random_;
    std::size_t flags_;
    std::size_t segments_;
    std::size_t first_segment_ = 1;  // flags leave the first one alone, so that it can be missing
    bool in_segment_ = false;
};

}  // namespace

std::vector<RandomItem> random_items(std::uint64_t seed, unsigned edition) {
    Random shape(seed);
    const auto flags = 2 + shape.below(5);
    const auto segments = 1 + shape.below(5);
    Random choice(seed * 31 + edition);
    std::vector<RandomItem> items;
    const auto add = [&](bool is_flag, std::size_t index) {
        if (index == 0 && choice.chance(40)) return;
        const auto item_edition = choice.chance(40) ? edition : 0;
        Writer writer(((seed * 1000 + index) * 2 + (is_flag ? 1 : 0)) * 16 + item_edition, flags, segments);
        if (is_flag) {
            items.push_back({"flag/f" + std::to_string(index), writer.flag(index)});
        } else {
            items.push_back({"segment/s" + std::to_string(index), writer.segment(index)});
        }
    };
    for (std::size_t i = 0; i < flags; ++i) add(true, i);
    for (std::size_t i = 0; i < segments; ++i) add(false, i);
    return items;
}

std::string plain_form(const std::vector<RandomItem>& items) {
    std::string flags;
    std::string segments;
    for (const auto& item : items) {
        auto& list = item.key.starts_with("flag/") ? flags : segments;
        list += (list.empty() ? "" : ",") + item.body;
    }
    return R"({"flags":[)" + flags + R"(],"segments":[)" + segments + "]}";
}

}  // namespace fanion::test
