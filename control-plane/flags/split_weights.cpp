#include "control-plane/flags/split_weights.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "common/eval/rollout/ranges.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "common/model/percent.hpp"
#include "control-plane/body/merge_patch.hpp"

namespace fanion::cp::flags {
namespace {

using json::Kind;
using json::Tree;

// The tree at the path of `names`, or null.
Tree* find(Tree* tree, std::initializer_list<std::string_view> names) {
    for (const auto name : names) tree = tree != nullptr ? tree->find(name) : nullptr;
    return tree;
}

// The split of a rule's `serve` or of the fallthrough; null when it has no weights.
Tree* split_with_weights(Tree* serve) {
    auto* split = find(serve, {"split"});
    return find(split, {"weights"}) ? split : nullptr;
}

std::optional<std::string> text_of(const Tree* tree) {
    return tree != nullptr && tree->is(Kind::string) ? std::optional(tree->as_string()) : std::nullopt;
}

// Which variation has which slots now; nothing when the new split does not depend on it.
std::optional<eval::SlotPlan> plan_of(const model::Serve* present, const Tree& split, bool in_rule,
                                      std::string_view salt) {
    if (present == nullptr) return std::nullopt;
    if (const auto* fixed = std::get_if<model::ServeVariation>(present)) return eval::SlotPlan{{}, fixed->variation};
    const auto& held = std::get<model::Split>(*present);
    const bool same =
        text_of(split.find("by")).value_or("targetingKey") == held.by &&
        text_of(split.find("salt")).value_or(std::string(salt)) == held.salt.value_or(std::string(salt)) &&
        text_of(split.find("hash")).value_or("murmur3") == model::name_of(held.hash);
    if (!same) return std::nullopt;
    const bool continues = in_rule && held.otherwise == "next";
    return eval::SlotPlan{held.ranges, continues ? std::nullopt : held.otherwise};
}

class WeightsReader {
public:
    WeightsReader(const WeightsContext& context, std::vector<Finding>& findings)
        : context_(context), findings_(findings) {}

    // In the order of the members, so that findings come in the order of the body.
    void config(Tree& config) {
        for (auto& member : config.members()) {
            if (member.name == "rules" && member.value.is(Kind::array)) rules(member.value);
            if (member.name != "fallthrough") continue;
            if (auto* weighted = split_with_weights(&member.value))
                split(*weighted, present_fallthrough(), false, context_.pointer + "/fallthrough/split");
        }
    }

private:
    const model::Serve* present_fallthrough() const {
        return context_.present ? &context_.present->fallthrough : nullptr;
    }
    const model::Serve* present_rule(const std::optional<std::string>& id) const {
        if (!context_.present || !id) return nullptr;
        for (const auto& rule : context_.present->rules)
            if (rule.id == *id) return &rule.serve;
        return nullptr;
    }

    void rules(Tree& rules) {
        std::size_t index = 0;
        for (auto& rule : rules.elements()) {
            const auto pointer = context_.pointer + "/rules/" + std::to_string(index++) + "/serve/split";
            if (auto* weighted = split_with_weights(rule.find("serve")))
                split(*weighted, present_rule(text_of(rule.find("id"))), true, pointer);
        }
    }

    void split(Tree& split, const model::Serve* present, bool in_rule, const std::string& pointer) {
        if (split.find("ranges")) add(pointer + "/weights", "malformed", "give `weights` or `ranges`, not both");
        const auto shares = read_shares(split, pointer);
        const auto otherwise = text_of(split.find("otherwise"));
        const bool continues = in_rule && otherwise == "next";
        const auto ranges = eval::lay_out(plan_of(present, split, in_rule, context_.definition.salt), shares,
                                          continues ? std::nullopt : otherwise);
        Tree::Elements list;
        for (const auto& range : ranges)
            list.push_back(
                Tree::array({Tree::number(range.from), Tree::number(range.to), Tree::string(range.variation)}));
        split.remove("weights");
        split.set("ranges", Tree::array(std::move(list)));
    }

    // Empty when there is a finding.
    std::vector<eval::Share> read_shares(const Tree& split, const std::string& pointer) {
        const auto before = findings_.size();
        const auto document = json::to_document(split, body::composed_limits()).value();
        json::Reader r(document.root(), findings_, pointer);
        std::vector<eval::Share> shares;
        std::set<std::string> seen;
        std::uint64_t sum = 0;
        for (auto& place : r.array("weights")) {
            auto share = read_share(place);
            if (!share.variation.empty() && !seen.insert(share.variation).second)
                place.fail_at("variation", "duplicate", "`" + share.variation + "` has a weight already");
            sum += share.slots;
            shares.push_back(std::move(share));
        }
        if (sum > limits::slots)
            r.fail_at("weights", "bad_weight",
                      "the weights add up to " + percent(sum) + " %, which is more than 100 %");
        return findings_.size() == before ? shares : std::vector<eval::Share>();
    }

    eval::Share read_share(json::Reader& place) const {
        eval::Share share;
        share.variation = place.string("variation");
        if (!share.variation.empty() && !has_variation(context_.definition, share.variation))
            place.fail_at("variation", "unknown_reference", "there is no variation `" + share.variation + "`");
        const auto weight = place.any("weight");
        const auto slots =
            weight && weight.is(Kind::number) ? model::slots_of_percent(weight.number_text()) : std::nullopt;
        if (weight && !slots)
            place.fail_at("weight", "bad_weight",
                          "a weight is a number from 0 to 100 (percent) with at most three decimals");
        share.slots = slots.value_or(0);
        place.finish(json::UnknownFields::refuse);
        return share;
    }

    // A body may give more than 100 %, which percent_of_slots() cannot write.
    static std::string percent(std::uint64_t slots) {
        const auto rest = model::percent_of_slots(static_cast<std::uint32_t>(slots % 1000));
        return std::to_string(slots / 1000) + (rest.size() > 1 ? rest.substr(1) : "");
    }

    void add(const std::string& pointer, std::string_view code, std::string detail) {
        findings_.push_back({"", pointer, std::string(code), std::move(detail)});
    }

    const WeightsContext& context_;
    std::vector<Finding>& findings_;
};

}  // namespace

void replace_weights(Tree& config, const WeightsContext& context, std::vector<Finding>& findings) {
    if (config.is(Kind::object)) WeightsReader(context, findings).config(config);
}

void remove_superseded(Tree& present, json::Value patch) {
    auto* held = find(&present, {"fallthrough"});
    if (held == nullptr || !held->is(Kind::object)) return;
    const auto given = patch.find("fallthrough");
    const auto split = given.find("split");
    const bool gives_variation = given.find("variation") && !given.find("variation").is(Kind::null);
    const bool gives_split = split && !split.is(Kind::null);
    if (gives_variation && !gives_split) held->remove("split");
    if (gives_split && !gives_variation) held->remove("variation");
    auto* held_split = held->find("split");
    if (held_split == nullptr || !held_split->is(Kind::object)) return;
    if (split.find("weights") && !split.find("ranges")) held_split->remove("ranges");
}

}  // namespace fanion::cp::flags
