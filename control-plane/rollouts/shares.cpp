#include "control-plane/rollouts/shares.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "common/eval/rollout/ranges.hpp"
#include "common/json/limits.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::rollouts {
namespace {

template <class Config>
auto find_rule(const Plan& plan, Config& config) {
    return std::find_if(config.rules.begin(), config.rules.end(),
                        [&](const auto& rule) { return rule.id == plan.rule; });
}

eval::SlotPlan slots_of(const model::Serve& serve) {
    if (const auto* fixed = std::get_if<model::ServeVariation>(&serve)) return {{}, fixed->variation};
    const auto& split = std::get<model::Split>(serve);
    return {split.ranges, split.otherwise};
}

// The ring of slots, turned so that slot `first` becomes slot 0.
std::vector<model::Range> turned(const std::vector<model::Range>& ranges, std::uint32_t first) {
    std::vector<model::Range> pieces;
    for (const auto& range : ranges) {
        if (range.from < first && range.to > first) {
            pieces.push_back({range.from + limits::slots - first, limits::slots, range.variation});
            pieces.push_back({0, range.to - first, range.variation});
            continue;
        }
        const auto shift = range.from < first ? limits::slots - first : 0U - first;
        pieces.push_back({range.from + shift, range.to + shift, range.variation});
    }
    std::sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    std::vector<model::Range> joined;
    for (auto& piece : pieces) {
        if (!joined.empty() && joined.back().to == piece.from && joined.back().variation == piece.variation) {
            joined.back().to = piece.to;
        } else {
            joined.push_back(std::move(piece));
        }
    }
    return joined;
}

}  // namespace

const model::Serve* served_by(const Plan& plan, const model::FlagConfig& config) {
    if (plan.rule.empty()) return &config.fallthrough;
    const auto rule = find_rule(plan, config);
    return rule == config.rules.end() ? nullptr : &rule->serve;
}

std::optional<std::uint32_t> present_share(const Plan& plan, const model::Serve& serve) {
    const auto slots = slots_of(serve);
    std::uint32_t shares[2] = {0, 0};  // of from, of to
    for (const auto& range : slots.ranges) {
        if (range.variation != plan.from && range.variation != plan.to) return std::nullopt;
        shares[range.variation == plan.to ? 1 : 0] += range.to - range.from;
    }
    const auto rest = limits::slots - shares[0] - shares[1];
    if (rest == 0) return shares[1];
    if (slots.otherwise != plan.from && slots.otherwise != plan.to) return std::nullopt;
    return slots.otherwise == plan.to ? shares[1] + rest : shares[1];
}

model::Serve with_share(const Plan& plan, const model::Serve& present, std::uint32_t share) {
    if (share == 0) return model::ServeVariation{plan.from};
    if (share == limits::slots) return model::ServeVariation{plan.to};
    model::Split split;
    if (const auto* held = std::get_if<model::Split>(&present)) split = *held;
    auto slots = slots_of(present);
    slots.ranges = turned(slots.ranges, plan.offset);
    const auto ranges = eval::lay_out(slots, {{plan.to, share}}, plan.from);
    split.ranges = turned(ranges, (limits::slots - plan.offset) % limits::slots);
    split.otherwise = plan.from;
    return split;
}

void set_served(const Plan& plan, model::FlagConfig& config, model::Serve serve) {
    if (plan.rule.empty()) {
        config.fallthrough = std::move(serve);
        return;
    }
    const auto rule = find_rule(plan, config);
    if (rule != config.rules.end()) rule->serve = std::move(serve);
}

std::string basis_of(const Plan& plan, const model::FlagConfig& config) {
    model::FlagConfig decides;
    const auto rule = find_rule(plan, config);
    const auto end = plan.rule.empty() || rule == config.rules.end() ? config.rules.end() : rule + 1;
    decides.rules.assign(config.rules.begin(), end);
    if (plan.rule.empty()) decides.fallthrough = config.fallthrough;
    return to_hex(sha256(flags::config_json(decides)));
}

Conflict conflict_of(const Plan& plan, const Progress& progress, const model::FlagConfig* config) {
    if (config == nullptr) return Conflict::flag_gone;
    if (!config->enabled) return Conflict::flag_off;
    const auto* serve = served_by(plan, *config);
    if (serve == nullptr || !present_share(plan, *serve)) return Conflict::rule_gone;
    return basis_of(plan, *config) == progress.basis ? Conflict::none : Conflict::changed;
}

}  // namespace fanion::cp::rollouts
