#include "relay/rulesets/cursor.hpp"

#include <algorithm>

#include "common/wire/have.hpp"

namespace fanion::relay::rulesets {
namespace {

using Steps = cache::RulesetSteps;

// The first of the steps that lead from `held` to the newest version; end: there are none, or the whole is not longer, or one
// of them gives client keys what is withheld since.
Steps::const_iterator find_chain(const cache::EnvironmentState& state, wire::Version held, View view) {
    const auto& steps = state.steps;
    const bool is_bounded = has_whole(state, view);
    std::size_t bytes = 0;
    for (auto at = steps.end(); at != steps.begin();) {
        --at;
        const auto& step = **at;
        bytes += step.bytes;
        if (is_bounded && bytes > state.items->bytes() + state.full_head.size()) break;
        if (view == View::client && !step.has_clients) break;
        if (step.base == held) return at;
        if (view == View::client && step.withholds) break;
    }
    return steps.end();
}

}  // namespace

bool has_whole(const cache::EnvironmentState& state, View view) {
    return !state.full_head.empty() && (view != View::client || state.client_rules);
}

Next next_for(const cache::EnvironmentState& state, const Cursor& cursor, View view) {
    if (!cursor.held || *cursor.held < state.version) {
        const auto at = cursor.held ? find_chain(state, *cursor.held, view) : state.steps.end();
        if (at != state.steps.end()) return {Next::Kind::patch, *at, nullptr};
        if (has_whole(state, view)) return {Next::Kind::put, nullptr, nullptr};
        return {};
    }
    auto head = state.signals->head();
    // Not only a later one: the signer's clock may have been ahead. The cache decides which head is the newest.
    const bool is_new = head && head->version == *cursor.held && head->issued_at != cursor.head_at;
    return is_new ? Next{Next::Kind::head, nullptr, std::move(head)} : Next{};
}

bool is_behind(const cache::EnvironmentState& state, const Cursor& cursor, View view) {
    const auto kind = next_for(state, cursor, view).kind;
    return kind == Next::Kind::put || kind == Next::Kind::patch;
}

void advance(Cursor& cursor, const cache::EnvironmentState& state, const Next& next) {
    switch (next.kind) {
        case Next::Kind::nothing:
            break;
        case Next::Kind::put:
            cursor.held = state.version;
            break;
        case Next::Kind::patch:
            cursor.held = next.step->version;
            break;
        case Next::Kind::head:
            cursor.head_at = next.head->issued_at;
            break;
    }
}

std::shared_ptr<const cache::RulesetStep> last_step(const cache::EnvironmentState& state, wire::Version since,
                                                    View view) {
    const auto at = find_chain(state, since, view);
    return at != state.steps.end() && (*at)->version == state.version ? *at : nullptr;
}

std::optional<wire::Version> held_version(std::string_view have, std::string_view last_event_id,
                                          std::string_view env_id) {
    if (const auto held = wire::parse_have(have)) {
        if (const auto at = held->find(env_id); at != held->end()) return at->second;
    }
    const auto colon = last_event_id.find(':');
    if (colon == std::string_view::npos || last_event_id.substr(0, colon) != env_id) return std::nullopt;
    return wire::parse_version(last_event_id.substr(colon + 1));
}

}  // namespace fanion::relay::rulesets
