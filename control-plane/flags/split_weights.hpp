#pragma once

// Splits written as percentages: `weights` instead of `ranges`. What is stored is ranges, computed
// from those that the same rule (by id) or the fallthrough had before, so that the fewest users
// move (common/eval/rollout/ranges.hpp). When the bucketing (`by`, `salt`, `hash`) changes, the
// same slots hold other users and the split is laid out from nothing. Pure.

#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

struct WeightsContext {
    const FlagDefinition& definition;
    const model::FlagConfig* present;  // null: a new flag
    std::string pointer;               // where the configuration stands in the body
};

// Replaces the weights of a configuration with ranges. Findings: `malformed` (weights and ranges
// together), `bad_weight` (not a percentage of at most three decimals; more than 100 % in all),
// `unknown_reference`, `duplicate`, and those of json::Reader.
void replace_weights(json::Tree& config, const WeightsContext& context, std::vector<Finding>& findings);

// Removes from the fallthrough of `present` what the patch's replaces: `variation` and `split`
// exclude each other, as do the split's `ranges` and `weights`. Call it before merging the patch.
void remove_superseded(json::Tree& present, json::Value patch);

}  // namespace fanion::cp::flags
