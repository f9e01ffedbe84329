#pragma once

// Splits that people write as percentages: `weights` in the place of `ranges`. What is stored is ranges, computed from those
// that the same rule (by id) or the fallthrough had before, so that the fewest users move (common/eval/rollout/ranges.hpp). Ranges of
// another bucketing (`by`, `salt`, `hash`) put other users into the same slots and are no help; the split is laid out anew.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

struct WeightsContext {
    const FlagDefinition& definition;
    const model::FlagConfig* present;  // null: a new flag
    std::string pointer;               // where the configuration stands in the body
};

// The configuration with ranges in the place of weights; nothing where it has no weights. Findings: `malformed` (weights and
// ranges together), `bad_weight` (no percentage of at most three decimals; more than 100 % in all), `unknown_reference`,
// `duplicate`, and those of json::Reader.
std::optional<std::string> with_ranges(json::Value config, const WeightsContext& context,
                                       std::vector<Finding>& findings);

// A merge patch that gives the fallthrough weights takes away the ranges that are there.
std::string patch_without_ranges(json::Value patch);

}  // namespace fanion::cp::flags
