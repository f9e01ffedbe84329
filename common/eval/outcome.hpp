#pragma once

// From indexes to what callers see. Private to common/eval.

#include "common/eval/compiled.hpp"
#include "common/eval/evaluator.hpp"

namespace fanion::eval {

inline constexpr std::uint32_t none = ~std::uint32_t{0};

// What a walk through a flag came to.
struct Outcome {
    std::uint32_t variation = no_variation;
    Reason reason = Reason::error;
    ErrorCode error = ErrorCode::none;
    std::uint32_t rule = none;
    std::uint32_t prerequisite = none;  // index of the flag
};

inline Evaluation not_found(std::string_view flag_key) noexcept {
    Evaluation evaluation;
    evaluation.flag = flag_key;
    evaluation.error = ErrorCode::flag_not_found;
    return evaluation;
}

inline Evaluation to_evaluation(const Ruleset::Impl& ruleset, std::size_t index, const Outcome& outcome) noexcept {
    const auto& flag = *ruleset.flags[index];
    Evaluation evaluation;
    evaluation.flag = flag.key;
    evaluation.flag_index = index;
    evaluation.version = flag.version;
    evaluation.error = outcome.error;
    evaluation.reason = outcome.reason;
    if (outcome.variation != no_variation) {
        const auto& variation = flag.variations[outcome.variation];
        evaluation.variation_index = outcome.variation;
        evaluation.variation = variation.key;
        evaluation.value = variation.value;
    }
    if (outcome.rule != none) evaluation.rule = flag.rules[outcome.rule].id;
    if (outcome.prerequisite != none) evaluation.prerequisite = ruleset.flags[outcome.prerequisite]->key;
    return evaluation;
}

inline Evaluation invalid_context(const Ruleset::Impl& ruleset, std::size_t index) noexcept {
    Outcome outcome;
    outcome.error = ErrorCode::invalid_context;
    return to_evaluation(ruleset, index, outcome);
}

}  // namespace fanion::eval
