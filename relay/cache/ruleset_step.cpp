#include "relay/cache/ruleset_step.hpp"

#include <algorithm>
#include <iterator>

#include "common/wire/delta.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t most_steps = 1'000;
constexpr std::size_t least_history_bytes = 16 * 1024;
constexpr std::size_t most_history_bytes = 1024 * 1024;
constexpr std::size_t line_overhead = 100;
constexpr std::string_view flag_prefix = "flag/";
constexpr std::string_view segment_prefix = "segment/";

bool has_key(const std::vector<std::string_view>& keys, std::string_view key) {
    return std::binary_search(keys.begin(), keys.end(), key);
}

StepLine changed_line(const wire::ItemChange& change, const StepSide& result) {
    StepLine line{change.key, {}, true, false};
    if (change.body) line.item = result.items.items().at(change.key);
    line.is_for_clients = result.client_rules && has_item(*result.client_rules, change.key);
    return line;
}

bool key_less(const StepLine& line, std::string_view key) { return line.key < key; }

// Items in one list of keys and not in the other.
void add_difference(std::vector<std::string>& out, std::string_view prefix, const std::vector<std::string_view>& a,
                    const std::vector<std::string_view>& b) {
    std::vector<std::string_view> keys;
    std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(keys));
    for (const auto key : keys) out.push_back(std::string(prefix).append(key));
}

// Lines of unchanged items that are disclosed or withheld by the step.
void add_unchanged(RulesetStep& step, const StepSide& base, const StepSide& result) {
    std::vector<std::string> keys;
    add_difference(keys, flag_prefix, base.client_rules->flags, result.client_rules->flags);
    add_difference(keys, segment_prefix, base.client_rules->segments, result.client_rules->segments);
    const auto changed = step.lines.size();
    for (auto& key : keys) {
        const auto end = step.lines.begin() + static_cast<std::ptrdiff_t>(changed);
        const auto at = std::lower_bound(step.lines.begin(), end, key, key_less);
        if (at != end && at->key == key) continue;
        const auto& item = result.items.items().at(key);
        const bool is_disclosed = has_item(*result.client_rules, key);
        step.lines.push_back({std::move(key), item, false, is_disclosed});
    }
    std::sort(step.lines.begin(), step.lines.end(), [](const StepLine& a, const StepLine& b) { return a.key < b.key; });
}

bool is_any_withheld(const eval::Reach& base, const eval::Reach& result) {
    const auto has_all = [](const auto& keys, const auto& of) {
        return std::includes(keys.begin(), keys.end(), of.begin(), of.end());
    };
    return !has_all(result.flags, base.flags) || !has_all(result.segments, base.segments);
}

std::size_t bytes_of(const RulesetStep& step) {
    std::size_t bytes = step.head.size();
    for (const auto& line : step.lines) {
        bytes += line_overhead + line.key.size() + (line.item.body ? line.item.body->size() : 0);
    }
    return bytes;
}

}  // namespace

ClientRules client_rules_of(const eval::Ruleset& ruleset) {
    const auto& keys = ruleset.access();
    const bool is_wanted = std::any_of(keys.begin(), keys.end(), [](const model::AccessEntry& key) {
        return key.kind == model::AccessEntry::Kind::client && key.rules;
    });
    return is_wanted ? ClientRules(eval::rules_for_clients(ruleset)) : std::nullopt;
}

bool has_item(const eval::Reach& rules, std::string_view key) {
    if (key.starts_with(flag_prefix)) return has_key(rules.flags, key.substr(flag_prefix.size()));
    if (key.starts_with(segment_prefix)) return has_key(rules.segments, key.substr(segment_prefix.size()));
    return false;
}

std::shared_ptr<const RulesetStep> make_step(const StepSide& base, const StepSide& result, std::string head) {
    auto step = std::make_shared<RulesetStep>();
    step->base = base.version;
    step->version = result.version;
    step->head = std::move(head);
    for (const auto& change : wire::changes_between(base.items, result.items))
        step->lines.push_back(changed_line(change, result));
    step->has_clients = base.client_rules && result.client_rules;
    if (step->has_clients) {
        add_unchanged(*step, base, result);
        step->withholds = is_any_withheld(*base.client_rules, *result.client_rules);
    }
    step->bytes = bytes_of(*step);
    return step;
}

RulesetSteps extended(const RulesetSteps& before, std::shared_ptr<const RulesetStep> step, std::size_t ruleset_bytes) {
    const auto most = std::clamp(ruleset_bytes, least_history_bytes, most_history_bytes);
    std::size_t bytes = step->bytes;
    auto first = before.end();
    while (first != before.begin() && static_cast<std::size_t>(before.end() - first) + 1 < most_steps) {
        bytes += (*std::prev(first))->bytes;
        if (bytes > most) break;
        --first;
    }
    RulesetSteps steps(first, before.end());
    steps.push_back(std::move(step));
    return steps;
}

}  // namespace fanion::relay::cache
