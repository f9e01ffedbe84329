#include "control-plane/flags/flag_sentences.hpp"

#include <algorithm>
#include <cctype>

#include "common/model/json.hpp"
#include "control-plane/items/sentences.hpp"

namespace fanion::cp::flags {
namespace {

using items::quoted;
using Sentences = std::vector<std::string>;

const model::Variation* find_variation(const std::vector<model::Variation>& list, std::string_view key) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& v) { return v.key == key; });
    return found == list.end() ? nullptr : &*found;
}

// The variation of `before` that has another key in `after`: it has the same place and value, and neither key is in both.
const model::Variation* renamed_from(const std::vector<model::Variation>& before,
                                     const std::vector<model::Variation>& after, std::size_t index) {
    if (before.size() != after.size() || before[index].value != after[index].value) return nullptr;
    const bool is_gone = find_variation(after, before[index].key) == nullptr;
    const bool is_new = find_variation(before, after[index].key) == nullptr;
    return is_gone && is_new ? &before[index] : nullptr;
}

void describe_variations(Sentences& out, const std::vector<model::Variation>& before,
                         const std::vector<model::Variation>& after) {
    Sentences renamed;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const auto& variation = after[i];
        const auto* held = find_variation(before, variation.key);
        const auto* old = held == nullptr ? renamed_from(before, after, i) : nullptr;
        if (old != nullptr) {
            out.push_back("Renames the variation " + quoted(old->key) + " to " + quoted(variation.key) + ".");
            renamed.push_back(old->key);
        } else if (held == nullptr) {
            out.push_back("Adds the variation " + quoted(variation.key) + " with the value " + quoted(variation.value) +
                          ".");
        } else if (held->value != variation.value) {
            out.push_back("The variation " + quoted(variation.key) + " has the value " + quoted(variation.value) +
                          " instead of " + quoted(held->value) + ".");
        }
    }
    for (const auto& variation : before) {
        const bool is_renamed = std::find(renamed.begin(), renamed.end(), variation.key) != renamed.end();
        if (find_variation(after, variation.key) == nullptr && !is_renamed)
            out.push_back("Removes the variation " + quoted(variation.key) + ".");
    }
    if (out.empty() && before != after) out.push_back("Changes the order of the variations.");
}

std::string lifetime_text(const FlagDefinition& flag) {
    return flag.lifetime ? std::string(name_of(*flag.lifetime)) : std::string();
}

}  // namespace

Sentences describe_definition(const FlagDefinition& before, const FlagDefinition& after) {
    Sentences out;
    if (before.archived != after.archived)
        out.push_back(after.archived ? "Archives the flag: no environment serves it any more."
                                     : "Restores the flag: every environment serves it again.");
    items::describe_text(out, "name", before.name, after.name);
    items::describe_text(out, "description", before.description, after.description);
    items::describe_tags(out, before.tags, after.tags);
    items::describe_text(out, "owner", before.owner, after.owner);
    items::describe_text(out, "lifetime", lifetime_text(before), lifetime_text(after));
    Sentences variations;
    describe_variations(variations, before.variations, after.variations);
    out.insert(out.end(), variations.begin(), variations.end());
    if (before.client != after.client)
        out.push_back(after.client ? "Client keys may evaluate the flag."
                                   : "Client keys may no longer evaluate the flag.");
    if (before.track != after.track)
        out.push_back(after.track ? "Asks for exposures of its evaluations."
                                  : "No longer asks for exposures of its evaluations.");
    return out;
}

Sentences describe_creation(const FlagDefinition& flag, const std::vector<FlagEnvironment>& configs) {
    Sentences out{"Creates the " + std::string(model::name_of(flag.type)) + " flag " + quoted(flag.key) + "."};
    for (const auto& config : configs) {
        auto sentences =
            items::in_environment(config.environment, describe_config(default_config(flag), config.config));
        out.insert(out.end(), sentences.begin(), sentences.end());
    }
    return out;
}

Sentences describe_deletion(const FlagDefinition& flag) {
    return {"Deletes the flag " + quoted(flag.key) + " in every environment; its key is never used again."};
}

}  // namespace fanion::cp::flags
