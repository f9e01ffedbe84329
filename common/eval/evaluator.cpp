#include "common/eval/evaluator.hpp"

#include "common/eval/walk.hpp"

namespace fanion::eval {

Evaluation evaluate(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now) noexcept {
    const auto index = ruleset.impl().flag_index.find(flag_key);
    if (index == KeyIndex::npos) return not_found(flag_key);
    return evaluate(ruleset, index, context, now);
}

Evaluation evaluate(const Ruleset& ruleset, std::size_t flag_index, json::Value context, UnixMillis now) noexcept {
    const auto& impl = ruleset.impl();
    if (context && !context.is(json::Kind::object)) return invalid_context(impl, flag_index);
    NoRecorder nobody;
    Walk<NoRecorder> walk(impl, context, now, nobody);
    return to_evaluation(impl, flag_index, walk.flag(static_cast<std::uint32_t>(flag_index)));
}

}  // namespace fanion::eval
