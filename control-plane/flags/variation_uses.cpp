#include "control-plane/flags/variation_uses.hpp"

#include <algorithm>

namespace fanion::cp::flags {
namespace {

// `otherwise` of a rule's split may be "next", which continues with the next rule even if a variation has that name.
bool names_variation(const model::Split& split, bool in_rule) { return !in_rule || split.otherwise != "next"; }

bool names(const model::Serve& serve, std::string_view variation, bool in_rule) {
    if (const auto* fixed = std::get_if<model::ServeVariation>(&serve)) return fixed->variation == variation;
    const auto& split = std::get<model::Split>(serve);
    if (split.otherwise == variation && names_variation(split, in_rule)) return true;
    return std::any_of(split.ranges.begin(), split.ranges.end(),
                       [&](const auto& range) { return range.variation == variation; });
}

class Renaming {
public:
    Renaming(const std::string& from, const std::string& to) : from_(from), to_(to) {}

    void text(std::string& name) {
        if (name != from_) return;
        name = to_;
        any_ = true;
    }
    void optional(std::optional<std::string>& name) {
        if (name) text(*name);
    }
    void serve(model::Serve& serve, bool in_rule) {
        if (auto* fixed = std::get_if<model::ServeVariation>(&serve)) return text(fixed->variation);
        auto& split = std::get<model::Split>(serve);
        for (auto& range : split.ranges) text(range.variation);
        if (names_variation(split, in_rule)) optional(split.otherwise);
    }
    bool any() const noexcept { return any_; }

private:
    const std::string& from_;
    const std::string& to_;
    bool any_ = false;
};

}  // namespace

std::vector<items::PlaceOfUse> uses_of_variation(const model::FlagConfig& config, std::string_view variation) {
    std::vector<items::PlaceOfUse> uses;
    if (config.off == variation) uses.push_back({"/off", "`off`"});
    for (std::size_t i = 0; i < config.targets.size(); ++i) {
        if (config.targets[i].variation == variation) uses.push_back({"/targets/" + std::to_string(i), "the targets"});
    }
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
        const auto& rule = config.rules[i];
        if (names(rule.serve, variation, true))
            uses.push_back({"/rules/" + std::to_string(i) + "/serve", "rule `" + rule.id + "`"});
    }
    if (names(config.fallthrough, variation, false)) uses.push_back({"/fallthrough", "the fallthrough"});
    return uses;
}

bool rename_variation(model::FlagConfig& config, const std::string& from, const std::string& to) {
    Renaming renaming(from, to);
    renaming.optional(config.off);
    for (auto& target : config.targets) renaming.text(target.variation);
    for (auto& rule : config.rules) renaming.serve(rule.serve, true);
    renaming.serve(config.fallthrough, false);
    return renaming.any();
}

}  // namespace fanion::cp::flags
