#include "common/flagfile/config_changes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/flagfile/shares.hpp"
#include "common/rule/text.hpp"

namespace fanion::flagfile {
namespace {

using json::Tree;
using Instructions = std::vector<std::string>;

Tree instruction(const char* kind) { return Tree::object().set("kind", Tree::string(kind)); }

Tree texts(const std::vector<std::string>& values) {
    Tree::Elements elements;
    for (const auto& value : values) elements.push_back(Tree::string(value));
    return Tree::array(std::move(elements));
}

Tree parsed(const std::string& json) {
    auto tree = Tree::parse(json, {.bytes = json.size()});
    return tree ? std::move(*tree) : Tree();
}

// What `a` has and `b` has not.
void add_missing(const TargetValues& a, const TargetValues& b, const char* kind, Instructions& out) {
    for (const auto& [key, values] : a) {
        const auto held = b.find(key);
        std::vector<std::string> missing;
        for (const auto& value : values)
            if (held == b.end() || !held->second.contains(value)) missing.push_back(value);
        if (missing.empty()) continue;
        auto one = instruction(kind).set("attribute", Tree::string(key.first));
        one.set("variation", Tree::string(key.second)).set("values", texts(missing));
        out.push_back(one.to_text());
    }
}

// A value may be a target of one variation only, so it leaves one before it joins another.
void change_targets(const model::FlagConfig& wanted, const model::FlagConfig& present, Instructions& out) {
    const auto now = values_of(present.targets);
    const auto then = values_of(wanted.targets);
    add_missing(now, then, "remove_targets", out);
    add_missing(then, now, "add_targets", out);
}

void change_prerequisites(const model::FlagConfig& wanted, const model::FlagConfig& present, Instructions& out) {
    const auto find = [](const model::FlagConfig& config, const std::string& flag) {
        return std::find_if(config.prerequisites.begin(), config.prerequisites.end(),
                            [&](const auto& one) { return one.flag == flag; });
    };
    for (const auto& held : present.prerequisites) {
        if (find(wanted, held.flag) == wanted.prerequisites.end())
            out.push_back(instruction("remove_prerequisite").set("flag", Tree::string(held.flag)).to_text());
    }
    for (const auto& one : wanted.prerequisites) {
        const auto held = find(present, one.flag);
        const bool is_new = held == present.prerequisites.end();
        if (!is_new && *held == one) continue;
        auto change = instruction(is_new ? "add_prerequisite" : "replace_prerequisite");
        out.push_back(change.set("flag", Tree::string(one.flag)).set("variations", texts(one.variations)).to_text());
    }
}

bool same_rule(const model::Rule& a, const model::Rule& b, const std::string& salt) {
    return a.when == b.when && same_serve(a.serve, b.serve, salt);
}

// For each wanted rule the index of the present one that it is: by id, or without an id by content.
std::vector<std::optional<std::size_t>> match_rules(const std::vector<model::Rule>& wanted,
                                                    const std::vector<model::Rule>& present, const std::string& salt) {
    std::vector<std::optional<std::size_t>> matches(wanted.size());
    std::map<std::string, std::size_t> by_id;
    for (std::size_t i = 0; i < present.size(); ++i) by_id.emplace(present[i].id, i);
    std::set<std::size_t> taken;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto found = by_id.find(wanted[i].id);
        if (found != by_id.end() && taken.insert(found->second).second) matches[i] = found->second;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!wanted[i].id.empty()) continue;
        for (std::size_t held = 0; held < present.size() && !matches[i]; ++held)
            if (!taken.contains(held) && same_rule(wanted[i], present[held], salt)) matches[i] = held;
        if (matches[i]) taken.insert(*matches[i]);
    }
    return matches;
}

Tree when_tree(const model::Rule& rule) { return Tree::string(rule::print(rule.when)); }

// Removes, brings what stays into its order, replaces, and then adds in ascending order, so that
// each new rule lands at its index.
void change_rules(const model::FlagConfig& wanted, const model::FlagConfig& present, const std::string& salt,
                  Instructions& out) {
    const auto matches = match_rules(wanted.rules, present.rules, salt);
    std::set<std::size_t> kept;
    std::vector<std::string> order;
    bool is_moved = false;
    std::size_t last = 0;
    for (const auto& match : matches) {
        if (!match) continue;
        is_moved = is_moved || *match < last;
        last = *match;
        kept.insert(*match);
        order.push_back(present.rules[*match].id);
    }
    for (std::size_t i = 0; i < present.rules.size(); ++i) {
        if (!kept.contains(i))
            out.push_back(instruction("remove_rule").set("rule", Tree::string(present.rules[i].id)).to_text());
    }
    if (is_moved) out.push_back(instruction("reorder_rules").set("rules", texts(order)).to_text());
    for (std::size_t i = 0; i < wanted.rules.size(); ++i) {
        const auto& rule = wanted.rules[i];
        if (!matches[i]) {
            auto add = instruction("add_rule").set("at", Tree::number(i)).set("when", when_tree(rule));
            if (!rule.id.empty()) add.set("id", Tree::string(rule.id));
            out.push_back(add.set("serve", tree_of(rule.serve)).to_text());
            continue;
        }
        const auto& held = present.rules[*matches[i]];
        auto replace = instruction("replace_rule").set("rule", Tree::string(held.id));
        if (held.when != rule.when) replace.set("when", when_tree(rule));
        if (!same_serve(held.serve, rule.serve, salt)) replace.set("serve", tree_of(rule.serve));
        if (replace.members().size() > 2) out.push_back(replace.to_text());
    }
}

void change_text(const char* kind, const char* member, const std::string& wanted, const std::string& present,
                 Instructions& out) {
    if (wanted != present) out.push_back(instruction(kind).set(member, Tree::string(wanted)).to_text());
}

void change_switch(const char* kind, const char* member, bool wanted, bool present, Instructions& out) {
    if (wanted != present) out.push_back(instruction(kind).set(member, Tree::boolean(wanted)).to_text());
}

std::vector<std::string> missing_in(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    std::vector<std::string> missing;
    for (const auto& text : a)
        if (std::find(b.begin(), b.end(), text) == b.end()) missing.push_back(text);
    return missing;
}

const model::Variation* find_variation(const Flag& flag, const std::string& key) {
    for (const auto& variation : flag.variations)
        if (variation.key == key) return &variation;
    return nullptr;
}

}  // namespace

TargetValues values_of(const std::vector<model::Target>& targets) {
    TargetValues values;
    for (const auto& target : targets)
        if (!target.values.empty())
            values[{target.attribute, target.variation}].insert(target.values.begin(), target.values.end());
    return values;
}

Instructions config_instructions(const model::FlagConfig& wanted, const model::FlagConfig& present,
                                 const std::string& salt) {
    Instructions out;
    if (wanted.enabled != present.enabled)
        out.push_back(instruction(wanted.enabled ? "turn_on" : "turn_off").to_text());
    if (wanted.off != present.off) {
        auto off = wanted.off ? Tree::string(*wanted.off) : Tree();
        out.push_back(instruction("set_off").set("variation", std::move(off)).to_text());
    }
    change_prerequisites(wanted, present, out);
    change_targets(wanted, present, out);
    change_rules(wanted, present, salt, out);
    if (!same_serve(wanted.fallthrough, present.fallthrough, salt)) {
        auto set = instruction("set_fallthrough");
        auto serve = tree_of(wanted.fallthrough);
        set.members().push_back(std::move(serve.members().front()));
        out.push_back(set.to_text());
    }
    return out;
}

Instructions early_instructions(const Flag& wanted, const Flag& present) {
    Instructions out;
    if (!wanted.archived && present.archived) out.push_back(instruction("restore").to_text());
    change_text("set_name", "name", wanted.name, present.name, out);
    change_text("set_description", "description", wanted.description, present.description, out);
    change_text("set_owner", "owner", wanted.owner, present.owner, out);
    change_switch("set_client", "client", wanted.client, present.client, out);
    change_switch("set_track", "track", wanted.track, present.track, out);
    const auto gone = missing_in(present.tags, wanted.tags);
    const auto added = missing_in(wanted.tags, present.tags);
    if (!gone.empty()) out.push_back(instruction("remove_tags").set("tags", texts(gone)).to_text());
    if (!added.empty()) out.push_back(instruction("add_tags").set("tags", texts(added)).to_text());
    for (const auto& variation : wanted.variations) {
        const auto* held = find_variation(present, variation.key);
        if (held != nullptr && parsed(held->value) == parsed(variation.value)) continue;
        auto change = instruction(held != nullptr ? "set_value" : "add_variation");
        change.set("variation", Tree::string(variation.key)).set("value", parsed(variation.value));
        out.push_back(change.to_text());
    }
    return out;
}

Instructions late_instructions(const Flag& wanted, const Flag& present) {
    Instructions out;
    for (const auto& held : present.variations) {
        if (find_variation(wanted, held.key) == nullptr)
            out.push_back(instruction("remove_variation").set("variation", Tree::string(held.key)).to_text());
    }
    if (wanted.archived && !present.archived) out.push_back(instruction("archive").to_text());
    return out;
}

}  // namespace fanion::flagfile
