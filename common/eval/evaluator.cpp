#include "common/eval/evaluator.hpp"

#include <new>
#include <type_traits>

#include "common/eval/walk.hpp"

namespace fanion::eval {
namespace {

// Most flags are off or on for all: they need no walk, nor the room for one.
Evaluation fixed_answer(const Ruleset::Impl& ruleset, std::size_t index) noexcept {
    const auto& flag = *ruleset.flags[index];
    Outcome outcome;
    outcome.variation = flag.fixed;
    outcome.reason = flag.fixed_reason;
    return to_evaluation(ruleset, index, outcome);
}

[[gnu::noinline]] Evaluation walked(const Ruleset::Impl& ruleset, std::size_t index, json::Value context,
                                    UnixMillis now) noexcept {
    NoRecorder nobody;
    Walk<NoRecorder> walk(ruleset, context, now, nobody);
    return to_evaluation(ruleset, index, walk.flag(static_cast<std::uint32_t>(index)));
}

inline Evaluation evaluate_in(const Ruleset::Impl& ruleset, std::size_t index, json::Value context,
                              UnixMillis now) noexcept {
    if (context && !context.is(json::Kind::object)) return invalid_context(ruleset, index);
    if (ruleset.flags[index]->is_fixed) return fixed_answer(ruleset, index);
    return walked(ruleset, index, context, now);
}

}  // namespace

Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    const auto index = impl.flag_index.find(flag_key);
    if (index == KeyIndex::npos) return not_found(flag_key);
    return evaluate_in(impl, index, context, now);
}

Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept {
    return evaluate_in(ruleset.impl(), flag_index, context, now);
}

namespace {

struct ManyWalk {
    NoRecorder nobody;
    Walk<NoRecorder> walk;

    ManyWalk(const Ruleset::Impl& ruleset, json::Value context, UnixMillis now) noexcept
        : walk(ruleset, context, now, nobody) {}
};
static_assert(std::is_trivially_destructible_v<ManyWalk>);

}  // namespace

Evaluator::Evaluator(const Ruleset& ruleset, json::Value context, UnixMillis now) noexcept
    : ruleset_(ruleset.impl()), valid_(!context || context.is(json::Kind::object)) {
    static_assert(sizeof(ManyWalk) <= sizeof walk_ && alignof(ManyWalk) <= 8);
    new (walk_) ManyWalk(ruleset_, context, now);
}

Evaluation Evaluator::evaluate(std::size_t flag_index) noexcept {
    if (!valid_) return invalid_context(ruleset_, flag_index);
    auto& walk = std::launder(reinterpret_cast<ManyWalk*>(walk_))->walk;
    return to_evaluation(ruleset_, flag_index, walk.flag(static_cast<std::uint32_t>(flag_index)));
}

}  // namespace fanion::eval
