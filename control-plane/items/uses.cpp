#include "control-plane/items/uses.hpp"

#include <algorithm>

namespace fanion::cp::items {

bool names_segment(const model::Condition& condition, std::string_view segment) {
    if (condition.kind == model::Condition::Kind::segment)
        return std::any_of(condition.values.begin(), condition.values.end(),
                           [&](const model::Literal& value) { return value.text == segment; });
    return std::any_of(condition.children.begin(), condition.children.end(),
                       [&](const model::Condition& child) { return names_segment(child, segment); });
}

std::vector<PlaceOfUse> prerequisites_with(const model::FlagConfig& config, std::string_view flag,
                                           std::string_view variation) {
    std::vector<PlaceOfUse> places;
    for (std::size_t i = 0; i < config.prerequisites.size(); ++i) {
        const auto& held = config.prerequisites[i];
        if (held.flag != flag) continue;
        const auto at = std::find(held.variations.begin(), held.variations.end(), variation);
        if (!variation.empty() && at == held.variations.end()) continue;
        places.push_back({"/prerequisites/" + std::to_string(i), "the prerequisites"});
    }
    return places;
}

std::vector<PlaceOfUse> rules_with(const model::FlagConfig& config, std::string_view segment) {
    std::vector<PlaceOfUse> places;
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        const auto& rule = config.rules[i];
        if (names_segment(rule.when, segment))
            places.push_back({"/rules/" + std::to_string(i) + "/when", "rule `" + rule.id + "`"});
    }
    return places;
}

std::vector<PlaceOfUse> rules_with(const model::Segment& members, std::string_view segment) {
    std::vector<PlaceOfUse> places;
    for (std::size_t i = 0; i < members.rules.size(); ++i) {
        if (names_segment(members.rules[i].when, segment))
            places.push_back({"/rules/" + std::to_string(i) + "/when", "rule " + std::to_string(i + 1)});
    }
    return places;
}

void write_uses(json::Writer& w, const std::vector<Use>& uses) {
    w.begin_array();
    for (const auto& use : uses) {
        w.begin_object().member("kind", use.kind).member("key", use.key).member("archived", use.is_archived);
        w.member("environment", use.environment).member("pointer", use.place.pointer);
        w.member("place", use.place.phrase).end_object();
    }
    w.end_array();
}

}  // namespace fanion::cp::items
