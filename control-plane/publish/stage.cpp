#include "control-plane/publish/stage.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace fanion::cp::publish {
namespace {

constexpr std::array<std::pair<StageState, std::string_view>, 5> state_names{{{StageState::held, "held"},
                                                                              {StageState::beneath, "beneath"},
                                                                              {StageState::released, "released"},
                                                                              {StageState::withdrawn, "withdrawn"},
                                                                              {StageState::replaced, "replaced"}}};

bool is_staged_item(const wire::ItemChange& change) noexcept {
    return change.key.starts_with("flag/") || change.key.starts_with("segment/");
}

bool has_item(const wire::ItemSet& items, const wire::ItemChange& change) noexcept {
    const auto at = items.items().find(change.key);
    if (at == items.items().end()) return !change.body;
    return change.body && *at->second.body == *change.body;
}

}  // namespace

std::string_view name_of(StageState state) noexcept { return state_names[static_cast<std::size_t>(state)].second; }

std::optional<StageState> parse_stage_state(std::string_view name) noexcept {
    for (const auto& [state, each] : state_names)
        if (each == name) return state;
    return std::nullopt;
}

Passage passage_of(const PassageInput& input, const std::vector<wire::ItemChange>& changes) noexcept {
    const bool is_for_stages = std::any_of(changes.begin(), changes.end(), is_staged_item);
    if (!is_for_stages || input.skips_stages) return input.is_held ? Passage::beneath : Passage::at_once;
    const bool begins = input.is_staged && input.has_version;
    return input.is_held || begins ? Passage::held : Passage::at_once;
}

std::vector<wire::ItemChange> changes_between(const wire::ItemSet& from, const wire::ItemSet& to,
                                              std::string_view excluded) {
    std::vector<wire::ItemChange> changes;
    for (const auto& [key, item] : to.items()) {
        const auto at = from.items().find(key);
        const bool is_same = at != from.items().end() && at->second.hash == item.hash;
        if (!is_same && key != excluded) changes.push_back({key, item.body});
    }
    for (const auto& [key, item] : from.items())
        if (!to.items().contains(key) && key != excluded) changes.push_back({key, nullptr});
    return changes;
}

SplitChange split_change(const wire::ItemSet& held, const wire::ItemSet& released,
                         const std::vector<wire::ItemChange>& changes, std::string_view excluded) {
    std::map<std::string, wire::ItemChange> own;
    for (const auto& change : changes) own.insert_or_assign(change.key, change);
    SplitChange split;
    for (auto& change : changes_between(held, released, excluded))
        if (!own.contains(change.key)) split.beneath.push_back(std::move(change));
    for (auto& change : changes_between(released, held, excluded))
        if (!own.contains(change.key)) split.above.push_back(std::move(change));
    for (auto& [key, change] : own) split.beneath.push_back(std::move(change));
    return split;
}

bool has_all(const wire::ItemSet& items, const std::vector<wire::ItemChange>& changes) noexcept {
    return std::all_of(changes.begin(), changes.end(),
                       [&](const wire::ItemChange& change) { return has_item(items, change); });
}

}  // namespace fanion::cp::publish
