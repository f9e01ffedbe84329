#include "common/eval/explain/explain.hpp"

#include "common/eval/explain/explain_recorder.hpp"
#include "common/eval/run/interpreter.hpp"

namespace fanion::eval {

Evaluation explain(const Ruleset& ruleset, std::string_view flag_key, json::Value context, UnixMillis now,
                   std::string& out) {
    const auto& impl = ruleset.impl();
    const auto index = impl.flag_index.find(flag_key);
    std::string steps;
    Evaluation evaluation;
    if (index == KeyIndex::npos) {
        evaluation = not_found(flag_key);
    } else if (context && !context.is(json::Kind::object)) {
        evaluation = invalid_context(impl, index);
    } else {
        ExplainRecorder recorder(impl, index, steps);
        Interpreter<ExplainRecorder> interpreter(impl, context, now, recorder);
        evaluation = to_evaluation(impl, *impl.flags[index], index, interpreter.flag(*impl.flags[index], index));
        recorder.finish();
    }
    append_json(out, evaluation);
    out.back() = ',';
    out += steps.empty() ? "\"steps\":[]" : steps;
    out += '}';
    return evaluation;
}

}  // namespace fanion::eval
