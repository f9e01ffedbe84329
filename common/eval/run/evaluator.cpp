#include "common/eval/run/evaluator.hpp"

#include <new>
#include <type_traits>

#include "common/eval/run/interpreter.hpp"

namespace fanion::eval {
namespace {

bool is_context(json::Value context) noexcept { return !context || context.is(json::Kind::object); }

// Most flags give everybody the same: they need no interpreter, nor the stack space for one.
[[gnu::noinline]] Evaluation fixed_answer(const Ruleset::Impl& ruleset, const PreparedFlag& flag,
                                          std::size_t index) noexcept {
    Outcome outcome;
    outcome.variation = flag.fixed;
    outcome.reason = flag.fixed_reason;
    return to_evaluation(ruleset, flag, index, outcome);
}

[[gnu::noinline]] Evaluation interpret(const Ruleset::Impl& ruleset, const PreparedFlag& flag, std::size_t index,
                                       json::Value context, UnixMillis now) noexcept {
    if (!is_context(context)) return invalid_context(ruleset, index);
    NoRecorder no_recorder;
    Interpreter<NoRecorder> interpreter(ruleset, context, now, no_recorder);
    return to_evaluation(ruleset, flag, index, interpreter.flag(flag, static_cast<std::uint32_t>(index)));
}

}  // namespace

Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto index = impl.flag_index.find(flag_key);
    if (index == KeyIndex::npos) return not_found(flag_key);
    const auto& flag = *impl.flags[index];
    if (flag.is_fixed && is_context(context)) return fixed_answer(impl, flag, index);
    return interpret(impl, flag, index, context, now);
}

Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto& flag = *impl.flags[flag_index];
    if (flag.is_fixed && is_context(context)) return fixed_answer(impl, flag, flag_index);
    return interpret(impl, flag, flag_index, context, now);
}

namespace {

// What Evaluator::state_ holds.
struct EvaluatorState {
    NoRecorder no_recorder;
    Interpreter<NoRecorder> interpreter;

    EvaluatorState(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now) noexcept
        : interpreter(ruleset, is_context(context) ? context : json::Value(), now, no_recorder) {}
};
static_assert(std::is_trivially_destructible_v<EvaluatorState>, "Evaluator does not destroy it");

}  // namespace

Evaluator::Evaluator(const Ruleset& ruleset, json::Value context, UnixMillis now) noexcept
    : ruleset_(ruleset.impl()), valid_(is_context(context)) {
    static_assert(sizeof(EvaluatorState) <= sizeof state_ && alignof(EvaluatorState) <= 8);
    new (state_) EvaluatorState(ruleset_, context, now);
}

Evaluation Evaluator::evaluate(std::size_t flag_index) noexcept {
    if (!valid_) return invalid_context(ruleset_, flag_index);
    auto& interpreter = std::launder(reinterpret_cast<EvaluatorState*>(state_))->interpreter;
    const auto& flag = *ruleset_.flags[flag_index];
    return to_evaluation(ruleset_, flag, flag_index, interpreter.flag(flag, static_cast<std::uint32_t>(flag_index)));
}

}  // namespace fanion::eval
