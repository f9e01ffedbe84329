#include "relay/rulesets/encoder.hpp"

#include "common/wire/envelope.hpp"

namespace fanion::relay::rulesets {
namespace {

bool is_shown(const cache::EnvironmentState& state, View view, std::string_view key) {
    if (view == View::client) return cache::has_item(*state.client_rules, key);
    return view == View::relay || !key.starts_with("access/");
}

bool is_shown(const cache::StepLine& line, View view) {
    if (view == View::client) return line.is_for_clients;
    return view == View::relay || !line.key.starts_with("access/");
}

void append_line(std::string& out, std::string_view key, const wire::StoredItem& item, bool is_shown) {
    if (is_shown) {
        wire::append_item_line(out, key, *item.body);
    } else {
        wire::append_redacted_line(out, key, item.hash);
    }
}

}  // namespace

std::string full_document(const cache::EnvironmentState& state, View view) {
    std::string out;
    out.reserve(state.full_head.size() + state.items->bytes());
    out = state.full_head;
    for (const auto& [key, item] : state.items->items()) append_line(out, key, item, is_shown(state, view, key));
    return out;
}

std::string step_document(const cache::RulesetStep& step, View view) {
    std::string out;
    out.reserve(step.bytes);
    out = step.head;
    for (const auto& line : step.lines) {
        if (!line.is_changed && view != View::client) continue;
        if (line.item.body) {
            append_line(out, line.key, line.item, is_shown(line, view));
        } else {
            wire::append_tombstone_line(out, line.key);
        }
    }
    return out;
}

}  // namespace fanion::relay::rulesets
