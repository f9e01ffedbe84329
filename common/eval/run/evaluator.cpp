#include "common/eval/run/evaluator.hpp"

#include <new>
#include <type_traits>

#include "common/eval/run/interpreter.hpp"

namespace fanion::eval {
namespace {

bool is_context(json::Value context) noexcept { return !context || context.is(json::Kind::object); }

// Most flags are off or on for all: they need no walk, nor the room for one.
[[gnu::noinline]] Evaluation fixed_answer(const Ruleset::Impl& ruleset, const PreparedFlag& flag,
                                          std::size_t index) noexcept {
    Outcome outcome;
    outcome.variation = flag.fixed;
    outcome.reason = flag.fixed_reason;
    return to_evaluation(ruleset, flag, index, outcome);
}

[[gnu::noinline]] Evaluation walked(const Ruleset::Impl& ruleset, const PreparedFlag& flag, std::size_t index,
                                    json::Value context, UnixMillis now) noexcept {
    if (!is_context(context)) return invalid_context(ruleset, index);
    NoRecorder nobody;
    Walk<NoRecorder> walk(ruleset, context, now, nobody);
    return to_evaluation(ruleset, flag, index, walk.flag(flag, static_cast<std::uint32_t>(index)));
}

}  // namespace

Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto index = impl.flag_index.find(flag_key);
    if (index == KeyIndex::npos) return not_found(flag_key);
    const auto& flag = *impl.flags[index];
    if (flag.is_fixed && is_context(context)) return fixed_answer(impl, flag, index);
    return walked(impl, flag, index, context, now);
}

Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto& flag = *impl.flags[flag_index];
    if (flag.is_fixed && is_context(context)) return fixed_answer(impl, flag, flag_index);
    return walked(impl, flag, flag_index, context, now);
}

namespace {

struct ManyWalk {
    NoRecorder nobody;
    Walk<NoRecorder> walk;

    ManyWalk(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now) noexcept
        : walk(ruleset, is_context(context) ? context : json::Value(), now, nobody) {}
};
static_assert(std::is_trivially_destructible_v<ManyWalk>);

}  // namespace

Evaluator::Evaluator(const Ruleset& ruleset, json::Value context, UnixMillis now) noexcept
    : ruleset_(ruleset.impl()), valid_(is_context(context)) {
    static_assert(sizeof(ManyWalk) <= sizeof walk_ && alignof(ManyWalk) <= 8);
    new (walk_) ManyWalk(ruleset_, context, now);
}

Evaluation Evaluator::evaluate(std::size_t flag_index) noexcept {
    if (!valid_) return invalid_context(ruleset_, flag_index);
    auto& walk = std::launder(reinterpret_cast<ManyWalk*>(walk_))->walk;
    const auto& flag = *ruleset_.flags[flag_index];
    return to_evaluation(ruleset_, flag, flag_index, walk.flag(flag, static_cast<std::uint32_t>(flag_index)));
}

}  // namespace fanion::eval
