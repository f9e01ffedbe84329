#include "common/eval/check/flag_check.hpp"

#include "common/eval/check/lists.hpp"

namespace fanion::eval::checks {

using model::ServeVariation;
using model::Split;

FlagCheck::FlagCheck(const model::Flag& flag, Catalog& catalog, Report& report)
    : flag_(flag),
      config_(flag.config),
      catalog_(catalog),
      report_(report),
      formulas_(flag.salt),
      catch_all_(flag.config.rules.size()) {}

void FlagCheck::run() {
    prepare();
    check_prerequisites();
    check_targets();
    check_rules();
    check_split(config_.fallthrough, Place::fallthrough, "/fallthrough");
    check_variations();
}

void FlagCheck::prepare() {
    for (const auto& target : config_.targets) targets_.push_back(formulas_.add_listed(target));
    for (const auto& rule : config_.rules) {
        const auto when = formulas_.add(rule.when);
        std::vector<Id> parts{when};
        if (const auto* split = std::get_if<Split>(&rule.serve)) parts.push_back(formulas_.add_split(*split));
        rules_.push_back({when, formulas_.add_all(std::move(parts))});
    }
    formulas_.mark_single_names();
    prover_.emplace(formulas_);
}

// A flag that is off does not evaluate its prerequisites.
void FlagCheck::check_prerequisites() {
    if (!config_.enabled) return;
    std::map<std::string, std::set<std::string>> asked;
    for (std::size_t i = 0; i < config_.prerequisites.size(); ++i) {
        const auto& prerequisite = config_.prerequisites[i];
        const auto pointer = place("/prerequisites", i);
        const auto* other = catalog_.flag(prerequisite.flag);
        if (other == nullptr) continue;
        const std::set<std::string> listed(prerequisite.variations.begin(), prerequisite.variations.end());
        const auto name = quoted(prerequisite.flag);
        if (!other->config.enabled) {
            report_.add(pointer, "dead_prerequisite", "The flag " + name + " is off, so this can never hold.");
        } else if (catalog_.is_dead(prerequisite)) {
            report_.add(pointer, "dead_prerequisite",
                        "The flag " + name + " never serves a variation that is listed here.");
        } else if (other->variations.size() > 1 && listed.size() == other->variations.size()) {
            report_.add(pointer, "idle_prerequisite",
                        "Every variation of " + name + " is listed, so this holds whenever that flag is on.");
        }
        auto [it, is_first] = asked.emplace(prerequisite.flag, listed);
        if (is_first) continue;
        std::erase_if(it->second, [&](const std::string& variation) { return !listed.contains(variation); });
        if (it->second.empty())
            report_.add(
                pointer, "dead_prerequisite",
                "An earlier prerequisite requires other variations of " + name + ", so the two never hold together.");
    }
}

void FlagCheck::check_targets() {
    ListedBefore before;
    for (std::size_t i = 0; i < config_.targets.size(); ++i) {
        const auto& target = config_.targets[i];
        const auto pointer = place("/targets", i);
        report_duplicate(target.values, pointer + "/values", report_);
        const auto shadow = before.add(target, i);
        if (shadow.count == 0) continue;
        const auto first = quoted(target.values[shadow.first]);
        const auto by = "target " + std::to_string(shadow.by + 1);
        if (shadow.count == target.values.size()) {
            report_.add(pointer, "shadowed_target",
                        "Earlier targets list all its values (" + first + " in " + by + "), so it never serves.");
            continue;
        }
        const auto more = shadow.count == 1 ? "" : " and " + std::to_string(shadow.count - 1) + " more";
        report_.add(place(pointer + "/values", shadow.first), "shadowed_value",
                    first + more + " can never match here: " + by + " lists it first.");
    }
}

void FlagCheck::check_rules() {
    ConditionCheck conditions(formulas_, *prover_, catalog_, report_);
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const auto& rule = config_.rules[i];
        const auto pointer = place("/rules", i);
        rules_[i].is_dead = !conditions.run(rule.when, rules_[i].when, pointer + "/when");
        check_split(rule.serve, Place::rule, pointer + "/serve");
        if (const auto* split = std::get_if<Split>(&rule.serve))
            report_split_buckets(rule.when, *split, flag_.salt, pointer + "/when", report_);
        if (!rules_[i].is_dead) check_reach(i);
        const bool is_catch_all = catch_all_ == rules_.size() && prover_->refutes_always({{rules_[i].serves, false}});
        if (is_catch_all) catch_all_ = i;
    }
}

void FlagCheck::check_split(const model::Serve& serve, Place where, const std::string& pointer) {
    const auto* split = std::get_if<Split>(&serve);
    if (split == nullptr) return;
    const auto here = pointer + "/split";
    std::set<std::string> served;
    add_served(serve, where, served);
    std::size_t parts = 0;
    SlotSet covered;
    for (std::size_t i = 0; i < split->ranges.size(); ++i) {
        const auto slots = SlotSet::of(split->ranges[i].from, split->ranges[i].to, split->hash);
        covered.append(slots);
        if (slots.empty())
            report_.add(place(here + "/ranges", i), "empty_range", "No slot is in this range, so it serves no one.");
        else
            ++parts;
    }
    const bool has_variation = has_rest(*split, where);
    if (split->ranges.empty() && !has_variation)
        report_.add(here, "empty_split", "The split has no ranges, so it never serves.");
    if (has_variation && !covered.is_all()) ++parts;
    if (parts > 1 && served.size() == 1 && (has_variation || covered.is_all()))
        report_.add(here, "single_variation_split", "Every part of this split serves " + quoted(*served.begin()) + ".");
}

std::vector<Goal> FlagCheck::goals_before(std::size_t rule) const {
    std::vector<Goal> goals{{rules_[rule].serves, true}};
    for (const auto target : targets_) goals.push_back({target, false});
    for (std::size_t i = 0; i < rule; ++i)
        if (!rules_[i].is_dead) goals.push_back({rules_[i].serves, false});
    return goals;
}

void FlagCheck::check_reach(std::size_t rule) {
    const auto* split = std::get_if<Split>(&config_.rules[rule].serve);
    if (split != nullptr && slots_served(*split).empty()) {  // reported by check_split()
        rules_[rule].is_dead = true;
        return;
    }
    const auto alone = split == nullptr ? Proof::none : prover_->refute({{rules_[rule].serves, true}});
    const auto proof = alone == Proof::always ? alone : prover_->refute(goals_before(rule));
    rules_[rule].is_dead = proof == Proof::always;
    if (proof == Proof::none) return;
    // A contradiction within the condition is reported there.
    if (prover_->refute({{rules_[rule].when, true}}) >= proof) return;
    if (alone < proof) return report_unreachable(rule, proof);
    const std::string suffix = proof == Proof::unless_list ? "_unless_list" : "";
    report_.add(place("/rules", rule) + "/serve/split", "contradiction" + suffix,
                "Where the rule's condition holds, the split has no unit or slot to choose by.");
}

void FlagCheck::report_unreachable(std::size_t rule, Proof proof) {
    const bool lists = proof == Proof::unless_list;
    report_.add(
        place("/rules", rule), lists ? "unreachable_rule_unless_list" : "unreachable_rule",
        "This rule can never serve: " + cause(rule, proof) + (lists ? ", unless an attribute holds a list." : "."));
}

std::string FlagCheck::name_of_rule(std::size_t rule) const {
    const auto& id = config_.rules[rule].id;
    return "rule " + std::to_string(rule + 1) + (id.empty() ? "" : " (" + quoted(id) + ")");
}

// The simplest reason for which the rule is unreachable, as a clause of a sentence.
std::string FlagCheck::cause(std::size_t rule, Proof proof) {
    if (catch_all_ < rule && proof == Proof::always) return name_of_rule(catch_all_) + " always serves";
    const Goal own{rules_[rule].serves, true};
    for (std::size_t i = 0; i < rule; ++i) {
        if (rules_[i].is_dead || prover_->refute({own, {rules_[i].serves, false}}) < proof) continue;
        return name_of_rule(i) + " serves wherever this one would";
    }
    std::vector<Goal> goals{own};
    for (const auto target : targets_) goals.push_back({target, false});
    if (prover_->refute(goals) >= proof) return "the targets serve everyone it could";
    return std::string(targets_.empty() ? "the rules" : "the targets and rules") + " before it serve everyone it could";
}

// A flag that is off serves its off variation on purpose.
void FlagCheck::check_variations() {
    if (!config_.enabled) return;
    std::set<std::string> served;
    if (config_.off) served.insert(*config_.off);
    for (const auto& target : config_.targets)
        if (!target.values.empty()) served.insert(target.variation);
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (!rules_[i].is_dead) add_served(config_.rules[i].serve, Place::rule, served);
    add_served(config_.fallthrough, Place::fallthrough, served);
    for (std::size_t i = 0; i < flag_.variations.size(); ++i) {
        const auto& key = flag_.variations[i].key;
        if (!served.contains(key))
            report_.add(place("/variations", i), "unserved_variation",
                        "Nothing serves the variation " + quoted(key) + ".");
    }
}

}  // namespace fanion::eval::checks
