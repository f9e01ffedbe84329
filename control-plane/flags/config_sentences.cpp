// The sentences about a configuration.

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "common/json/limits.hpp"
#include "common/model/json.hpp"
#include "common/model/percent.hpp"
#include "control-plane/flags/flag_sentences.hpp"
#include "control-plane/items/sentences.hpp"

namespace fanion::cp::flags {
namespace {

using items::quoted;
using Sentences = std::vector<std::string>;

std::string percent(std::uint32_t slots) { return model::percent_of_slots(slots) + " %"; }

// -- What is served -------------------------------------------------------------------------------

// Slots by variation; "" is the next rule.
using Shares = std::map<std::string, std::uint32_t>;

Shares shares_of(const model::Serve& serve, bool in_rule) {
    if (const auto* fixed = std::get_if<model::ServeVariation>(&serve)) return {{fixed->variation, limits::slots}};
    const auto& split = std::get<model::Split>(serve);
    Shares shares;
    std::uint32_t left = limits::slots;
    for (const auto& range : split.ranges) {
        shares[range.variation] += range.to - range.from;
        left -= std::min(left, range.to - range.from);
    }
    const bool continues = in_rule && split.otherwise == "next";
    if (left > 0) shares[continues ? "" : split.otherwise.value_or("")] += left;
    return shares;
}

std::uint32_t share_in(const Shares& shares, const std::string& variation) {
    const auto found = shares.find(variation);
    return found == shares.end() ? 0 : found->second;
}

// "`on` to 25 % and `off` to 75 %"; what goes on to the next rule is left out.
std::string shares_text(const Shares& shares) {
    std::string out;
    for (const auto& [variation, slots] : shares) {
        if (variation.empty()) continue;
        out += (out.empty() ? "" : ", ") + quoted(variation);
        if (slots != limits::slots) out += " to " + percent(slots);
    }
    return out.empty() ? "nothing" : out;
}

// How users are assigned, where it is not the ranges.
bool same_bucketing(const model::Split& a, const model::Split& b) {
    return a.by == b.by && a.salt == b.salt && a.hash == b.hash;
}

void describe_bucketing(Sentences& out, const std::string& subject, const model::Serve& before,
                        const model::Serve& after, bool same_shares) {
    const auto* held = std::get_if<model::Split>(&before);
    const auto* wanted = std::get_if<model::Split>(&after);
    if (held == nullptr || wanted == nullptr) return;
    if (held->by != wanted->by) {
        out.push_back(subject + " splits by " + quoted(wanted->by) + " instead of " + quoted(held->by) + ".");
    } else if (!same_bucketing(*held, *wanted)) {
        out.push_back(subject + " distributes everybody anew, by another salt or hash.");
    } else if (same_shares && before != after) {
        out.push_back(subject + " serves the same shares to others than before.");
    }
}

// `subject`: "Rule 2", "The fallthrough".
void describe_serve(Sentences& out, const std::string& subject, const model::Serve& before, const model::Serve& after,
                    bool in_rule) {
    const auto held = shares_of(before, in_rule);
    const auto wanted = shares_of(after, in_rule);
    const bool are_single = held.size() == 1 && wanted.size() == 1;
    if (are_single && held != wanted) {
        out.push_back(subject + " serves " + shares_text(wanted) + " instead of " + shares_text(held) + ".");
    } else {
        auto all = held;
        all.insert(wanted.begin(), wanted.end());
        for (const auto& [variation, slots] : all) {
            const auto now = share_in(wanted, variation);
            const auto was = share_in(held, variation);
            if (now == was) continue;
            const auto change = percent(now) + " instead of " + percent(was) + ".";
            out.push_back(variation.empty() ? subject + " leaves to the next rule " + change
                                            : subject + " serves " + quoted(variation) + " to " + change);
        }
    }
    describe_bucketing(out, subject, before, after, held == wanted);
}

// -- Rules ----------------------------------------------------------------------------------------

std::string rule_name(std::size_t index, const model::Rule& rule) {
    return "rule " + std::to_string(index + 1) + " (" + quoted(rule.id) + ")";
}

std::vector<std::string> ids_of(const std::vector<model::Rule>& rules) {
    std::vector<std::string> ids;
    for (const auto& rule : rules) ids.push_back(rule.id);
    return ids;
}

std::optional<std::size_t> index_of(const std::vector<model::Rule>& rules, const std::string& id) {
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == id; });
    if (found == rules.end()) return std::nullopt;
    return static_cast<std::size_t>(found - rules.begin());
}

void describe_rules(Sentences& out, const std::vector<model::Rule>& before, const std::vector<model::Rule>& after) {
    for (std::size_t i = 0; i < before.size(); ++i)
        if (!index_of(after, before[i].id)) out.push_back("Removes " + rule_name(i, before[i]) + ".");
    for (const auto& id : items::moved_elements(ids_of(before), ids_of(after)))
        out.push_back("Moves rule " + quoted(id) + " to place " + std::to_string(*index_of(after, id) + 1) +
                      " from place " + std::to_string(*index_of(before, id) + 1) + ".");
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto& rule = after[i];
        const auto held = index_of(before, rule.id);
        if (!held) {
            out.push_back("Adds " + rule_name(i, rule) + ": if " + items::condition_text(rule.when) + ", it serves " +
                          shares_text(shares_of(rule.serve, true)) + ".");
            continue;
        }
        const auto& old = before[*held];
        const auto subject = "Rule " + std::to_string(i + 1);
        if (old.when != rule.when)
            out.push_back(subject + " applies if " + items::condition_text(rule.when) + ", instead of if " +
                          items::condition_text(old.when) + ".");
        describe_serve(out, subject, old.serve, rule.serve, true);
    }
}

// -- The other members ----------------------------------------------------------------------------

std::string off_text(const std::optional<std::string>& off) { return off ? quoted(*off) : "the caller's own default"; }

const model::Prerequisite* find_prerequisite(const std::vector<model::Prerequisite>& list, const std::string& flag) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& entry) { return entry.flag == flag; });
    return found == list.end() ? nullptr : &*found;
}

void describe_prerequisites(Sentences& out, const std::vector<model::Prerequisite>& before,
                            const std::vector<model::Prerequisite>& after) {
    const auto count = out.size();
    for (const auto& wanted : after) {
        const auto* held = find_prerequisite(before, wanted.flag);
        if (held != nullptr && held->variations == wanted.variations) continue;
        auto text = "Requires that flag " + quoted(wanted.flag) + " serves " + items::quoted_list(wanted.variations);
        if (held != nullptr) text += " instead of " + items::quoted_list(held->variations);
        out.push_back(text + ".");
    }
    for (const auto& held : before) {
        if (find_prerequisite(after, held.flag) == nullptr)
            out.push_back("No longer requires flag " + quoted(held.flag) + ".");
    }
    if (out.size() == count && before != after) out.push_back("Changes the order of the prerequisites.");
}

void describe_targets(Sentences& out, const std::vector<model::Target>& before,
                      const std::vector<model::Target>& after) {
    const auto changes = items::value_changes(before, after);
    for (const auto& change : changes) {
        const auto of = " of " + quoted(change.variation) + items::by_attribute(change.attribute) + ": ";
        if (!change.added.empty())
            out.push_back("Adds " + items::counted(change.added.size(), "target") + of +
                          items::quoted_list(change.added) + ".");
        if (!change.removed.empty())
            out.push_back("Removes " + items::counted(change.removed.size(), "target") + of +
                          items::quoted_list(change.removed) + ".");
    }
    if (changes.empty() && before != after) out.push_back("Changes the order of the targets.");
}

}  // namespace

Sentences describe_config(const model::FlagConfig& before, const model::FlagConfig& after) {
    Sentences out;
    if (before.enabled != after.enabled) out.push_back(after.enabled ? "Turns the flag on." : "Turns the flag off.");
    if (before.off != after.off)
        out.push_back("While the flag is off, it serves " + off_text(after.off) + " instead of " +
                      off_text(before.off) + ".");
    describe_prerequisites(out, before.prerequisites, after.prerequisites);
    describe_targets(out, before.targets, after.targets);
    describe_rules(out, before.rules, after.rules);
    describe_serve(out, "The fallthrough", before.fallthrough, after.fallthrough, false);
    return out;
}

}  // namespace fanion::cp::flags
