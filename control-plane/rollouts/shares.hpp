#pragma once

// What a rollout does to a flag's configuration. Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "common/model/flag.hpp"
#include "control-plane/rollouts/plan.hpp"
#include "control-plane/rollouts/progress.hpp"

namespace fanion::cp::rollouts {

// What the plan's rule serves; null: there is no such rule.
const model::Serve* served_by(const Plan& plan, const model::FlagConfig& config);

// The share of `to` of a rule that serves nothing but `from` and `to`, to everybody it matches;
// nullopt: it serves something else.
std::optional<std::uint32_t> present_share(const Plan& plan, const model::Serve& serve);

// The rule with another share of `to`. The slots that have it keep it as long as the share allows
// (common/eval/rollout/ranges.hpp); the first ones that get it are those from the plan's offset on.
// All of them: the variation in the split's place; none: `from`.
model::Serve with_share(const Plan& plan, const model::Serve& present, std::uint32_t share);
void set_served(const Plan& plan, model::FlagConfig& config, model::Serve serve);

// A fingerprint of what decides who gets what from the plan's rule: the rule and those before it.
std::string basis_of(const Plan& plan, const model::FlagConfig& config);

// What stands against going on. `config` is null: the flag is not in the ruleset any more.
Conflict conflict_of(const Plan& plan, const Progress& progress, const model::FlagConfig* config);

}  // namespace fanion::cp::rollouts
