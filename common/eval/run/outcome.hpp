#pragma once

// The interpreter's result, and its translation to an Evaluation. Pure; private to common/eval.

#include "common/eval/compile/compiled.hpp"
#include "common/eval/run/evaluator.hpp"

namespace fanion::eval {

inline constexpr std::uint32_t none = ~std::uint32_t{0};

// The result for one flag, by index.
struct Outcome {
    std::uint32_t variation = no_variation;
    Reason reason = Reason::error;
    ErrorCode error = ErrorCode::none;
    const PreparedRule* rule = nullptr;
    std::uint32_t prerequisite = none;  // index of the flag
};

inline const CompiledVariation nothing_served;

[[gnu::noinline]] inline Evaluation not_found(std::string_view flag_key) noexcept {
    Evaluation evaluation;
    evaluation.flag = flag_key;
    evaluation.error = ErrorCode::flag_not_found;
    return evaluation;
}

inline Evaluation to_evaluation(const Ruleset::Impl& ruleset, const PreparedFlag& flag, std::size_t index,
                                const Outcome& outcome) noexcept {
    const bool served = outcome.variation != no_variation;
    const auto& variation = served ? flag.variations[outcome.variation] : nothing_served;
    return {
        .flag = flag.key,
        .flag_index = index,
        .variation_index = served ? outcome.variation : Ruleset::npos,
        .variation = variation.key,
        .value = variation.value,
        .reason = outcome.reason,
        .error = outcome.error,
        .rule = outcome.rule != nullptr ? std::string_view(outcome.rule->id) : std::string_view(),
        .prerequisite = outcome.prerequisite != none ? std::string_view(ruleset.flags[outcome.prerequisite]->key)
                                                     : std::string_view(),
        .version = flag.version,
    };
}

[[gnu::noinline]] inline Evaluation invalid_context(const Ruleset::Impl& ruleset, std::size_t index) noexcept {
    Outcome outcome;
    outcome.error = ErrorCode::invalid_context;
    return to_evaluation(ruleset, *ruleset.flags[index], index, outcome);
}

}  // namespace fanion::eval
