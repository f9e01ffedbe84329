#include "common/eval/run/evaluator.hpp"
#include "common/json/writer.hpp"

namespace fanion::eval {

std::string_view name_of(Reason reason) noexcept {
    switch (reason) {
        case Reason::static_value:
            return "STATIC";
        case Reason::default_value:
            return "DEFAULT";
        case Reason::targeting_match:
            return "TARGETING_MATCH";
        case Reason::split:
            return "SPLIT";
        case Reason::disabled:
            return "DISABLED";
        case Reason::error:
            return "ERROR";
    }
    return "";
}

std::string_view name_of(ErrorCode error) noexcept {
    switch (error) {
        case ErrorCode::none:
            return "";
        case ErrorCode::flag_not_found:
            return "FLAG_NOT_FOUND";
        case ErrorCode::invalid_context:
            return "INVALID_CONTEXT";
        case ErrorCode::targeting_key_missing:
            return "TARGETING_KEY_MISSING";
    }
    return "";
}

void append_json(std::string& out, const Evaluation& evaluation) {
    json::Writer w(out);
    w.begin_object().member("flag", evaluation.flag);
    if (evaluation.error != ErrorCode::none) {
        w.member("error", name_of(evaluation.error)).member("reason", name_of(evaluation.reason)).end_object();
        return;
    }
    if (evaluation.has_value()) w.key("value").raw(evaluation.value).member("variation", evaluation.variation);
    w.member("reason", name_of(evaluation.reason));
    if (!evaluation.rule.empty()) w.member("rule", evaluation.rule);
    if (!evaluation.prerequisite.empty()) w.member("prerequisite", evaluation.prerequisite);
    w.member("version", evaluation.version).end_object();
}

}  // namespace fanion::eval
