#pragma once

// A flag or a segment while the changes of a bulk request are made. What a kind must have of
// items::ItemKind is said at each function. Pure.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/body/patch.hpp"
#include "control-plane/bulk/bulk_request.hpp"
#include "control-plane/items/sentences.hpp"

namespace fanion::cp::bulk {

template <class Definition, class Config>
struct BulkItem {
    Definition before;
    Definition after;
    std::vector<Config> configs_before;
    std::vector<Config> configs;       // of the same environments
    std::set<std::string> confirmed;   // environments, or "" for the definition, whose version was named
    std::set<std::string> configured;  // environments whose configuration a change names
};

// Whether the change is based on `version`, which is that of before the first change; true: it
// names one. Error: precondition_failed if it names another.
Result<bool> check_version(const BulkChange& change, const std::string& key, std::uint64_t version);
// An error about one item, with pointers into the whole body.
Error in_change(Error error, const BulkChange& change, const std::string& key);
Error unknown_environment(const BulkChange& change);

template <class Kind, class Definition, class Config>
Result<> apply_to_definition(const Kind& kind, const BulkChange& change, BulkItem<Definition, Config>& item) {
    const auto named = check_version(change, item.before.key, item.before.version);
    if (!named) return named.error();
    if (*named) item.confirmed.insert("");
    auto patched = kind.patch_definition(item.after, to_json(item.after),
                                         {body::PatchForm::instructions, change.body.root()}, item.configs);
    if (!patched) return in_change(patched.error(), change, item.before.key);
    item.after = std::move(patched->after);
    item.configs = std::move(patched->configs);
    return boost::system::in_place_value;
}

template <class Kind, class Definition, class Config>
Result<> apply_to_config(const Kind& kind, const BulkChange& change, BulkItem<Definition, Config>& item,
                         Config& config) {
    const auto named = check_version(change, item.before.key, config.version);
    if (!named) return named.error();
    if (*named) item.confirmed.insert(change.environment);
    item.configured.insert(change.environment);
    auto patched = kind.patch_config(item.after, config, to_json(item.after.key, config),
                                     {body::PatchForm::instructions, change.body.root()});
    if (!patched) return in_change(patched.error(), change, item.before.key);
    config = std::move(patched->after);
    return boost::system::in_place_value;
}

// Makes a change in one of its items. `kind` has patch_definition and patch_config. Errors: theirs,
// with pointers into the body and the item in their details; unprocessable for an unknown
// environment; precondition_failed if another version was named.
template <class Kind, class Definition, class Config>
Result<> apply_bulk(const Kind& kind, const BulkChange& change, BulkItem<Definition, Config>& item) {
    if (change.environment.empty()) return apply_to_definition(kind, change, item);
    for (auto& config : item.configs)
        if (config.environment == change.environment) return apply_to_config(kind, change, item, config);
    return unknown_environment(change);
}

// Whether the instructions changed the configuration at `index`.
template <class Definition, class Config>
bool is_config_changed(const BulkItem<Definition, Config>& item, std::size_t index) {
    return !same_for_evaluators(item.configs[index], item.configs_before[index]);
}

template <class Definition, class Config>
bool is_changed(const BulkItem<Definition, Config>& item) {
    return item.after != item.before || item.configs != item.configs_before;
}

// "`search`: In staging: turns the flag on.", for all that changed. `kind` has describe_definition
// and describe_config.
template <class Kind, class Definition, class Config>
std::vector<std::string> describe_bulk(const Kind& kind, const BulkItem<Definition, Config>& item) {
    auto sentences = kind.describe_definition(item.before, item.after);
    for (std::size_t i = 0; i < item.configs.size(); ++i) {
        auto of_config = items::in_environment(item.configs[i].environment,
                                               kind.describe_config(item.configs_before[i], item.configs[i]));
        sentences.insert(sentences.end(), of_config.begin(), of_config.end());
    }
    for (auto& sentence : sentences) sentence.insert(0, items::quoted(item.before.key) + ": ");
    return sentences;
}

}  // namespace fanion::cp::bulk
