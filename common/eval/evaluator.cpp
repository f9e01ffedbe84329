#include "common/eval/evaluator.hpp"

#include "common/eval/compiled.hpp"

namespace fanion::eval {
namespace {

constexpr std::uint32_t none = ~std::uint32_t{0};

struct Outcome {
    std::uint32_t variation = no_variation;
    Reason reason = Reason::error;
    ErrorCode error = ErrorCode::none;
    std::uint32_t rule = none;
    std::uint32_t prerequisite = none;  // index of the flag
};

Outcome evaluate_flag(Run& run, std::uint32_t index) noexcept;

// Whether a prerequisite's flag is enabled and came to one of the variations asked for.
bool is_fulfilled(Run& run, const PrerequisiteLink& prerequisite) noexcept {
    if (!run.ruleset.flags[prerequisite.flag]->enabled) return false;
    std::uint32_t variation = no_variation;
    if (!run.flags.find(prerequisite.flag, variation)) {
        variation = evaluate_flag(run, prerequisite.flag).variation;
        run.flags.put(prerequisite.flag, variation);
    }
    return prerequisite.accepts(variation);
}

// The unfulfilled prerequisite's flag, or none.
std::uint32_t first_unfulfilled(Run& run, std::uint32_t index) noexcept {
    for (const auto& prerequisite : run.ruleset.prerequisites.of(index))
        if (!is_fulfilled(run, prerequisite)) return prerequisite.flag;
    return none;
}

const PreparedTarget* find_target(const Run& run, const PreparedFlag& flag) noexcept {
    for (const auto& target : flag.targets) {
        const auto value = resolve(flag.conditions.attributes[target.attribute], run.context);
        if (value && value.is(json::Kind::string) && target.values.contains(value.as_string())) return &target;
    }
    return nullptr;
}

struct Choice {
    std::uint32_t variation = no_variation;
    bool has_unit = true;
};

Choice choose(const Run& run, const PreparedFlag& flag, const PreparedSplit& split) noexcept {
    UnitDigits digits;
    const auto unit = unit_of(resolve(flag.conditions.attributes[split.attribute], run.context), digits);
    if (!unit) return {no_variation, false};
    const auto slot = split.bucketing.slot(*unit);
    for (const auto& range : split.ranges)
        if (range.from <= slot && slot < range.to) return {range.variation};
    return {split.otherwise};
}

// False when the rules' conditions or their serves yield nothing.
bool apply_rules(Run& run, std::uint32_t index, const PreparedFlag& flag, Outcome& outcome) noexcept {
    const Scope scope{flag.conditions, run.ruleset.flag_segment_links.of(index).data()};
    for (std::uint32_t i = 0; i < flag.rules.size(); ++i) {
        const auto& rule = flag.rules[i];
        if (!holds(run, scope, rule.condition)) continue;
        outcome.variation = rule.serve.variation;
        outcome.reason = Reason::targeting_match;
        if (rule.serve.split != PreparedServe::no_split) {
            outcome.variation = choose(run, flag, flag.splits[rule.serve.split]).variation;
            outcome.reason = Reason::split;
        }
        if (outcome.variation == no_variation) continue;
        outcome.rule = i;
        return true;
    }
    return false;
}

void apply_fallthrough(const Run& run, const PreparedFlag& flag, Outcome& outcome) noexcept {
    outcome.variation = flag.fallthrough.variation;
    outcome.reason = flag.is_static ? Reason::static_value : Reason::default_value;
    if (flag.fallthrough.split == PreparedServe::no_split) return;
    const auto choice = choose(run, flag, flag.splits[flag.fallthrough.split]);
    outcome.variation = choice.variation;
    outcome.reason = choice.has_unit ? Reason::split : Reason::error;
    outcome.error = choice.has_unit ? ErrorCode::none : ErrorCode::targeting_key_missing;
}

// The order of ruleset.md, Evaluation.
Outcome evaluate_flag(Run& run, std::uint32_t index) noexcept {
    const auto& flag = *run.ruleset.flags[index];
    Outcome outcome;
    outcome.variation = flag.off;
    outcome.reason = Reason::disabled;
    if (!flag.enabled) return outcome;
    outcome.prerequisite = first_unfulfilled(run, index);
    if (outcome.prerequisite != none) return outcome;
    if (const auto* target = find_target(run, flag)) {
        outcome.variation = target->variation;
        outcome.reason = Reason::targeting_match;
        return outcome;
    }
    if (!apply_rules(run, index, flag, outcome)) apply_fallthrough(run, flag, outcome);
    return outcome;
}

Evaluation failed(std::string_view flag, std::size_t index, std::uint64_t version, ErrorCode error) noexcept {
    Evaluation evaluation;
    evaluation.flag = flag;
    evaluation.flag_index = index;
    evaluation.version = version;
    evaluation.error = error;
    return evaluation;
}

}  // namespace

Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept {
    const auto index = ruleset.find_flag(flag_key);
    if (index == Ruleset::npos) return failed(flag_key, index, 0, ErrorCode::flag_not_found);
    return evaluate(ruleset, index, context, now);
}

Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto& flag = *impl.flags[flag_index];
    if (context && !context.is(json::Kind::object))
        return failed(flag.key, flag_index, flag.version, ErrorCode::invalid_context);
    Run run(impl, context, now);
    const auto outcome = evaluate_flag(run, static_cast<std::uint32_t>(flag_index));

    Evaluation evaluation = failed(flag.key, flag_index, flag.version, outcome.error);
    evaluation.reason = outcome.reason;
    if (outcome.variation != no_variation) {
        evaluation.variation_index = outcome.variation;
        evaluation.variation = flag.variations[outcome.variation].key;
        evaluation.value = flag.variations[outcome.variation].value;
    }
    if (outcome.rule != none) evaluation.rule = flag.rules[outcome.rule].id;
    if (outcome.prerequisite != none) evaluation.prerequisite = impl.flags[outcome.prerequisite]->key;
    return evaluation;
}

}  // namespace fanion::eval
