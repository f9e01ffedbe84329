#include "relay/serve/evaluate_api.hpp"

#include "common/base/text.hpp"
#include "common/eval/explain/explain.hpp"
#include "common/json/writer.hpp"
#include "relay/serve/counted_evaluation.hpp"

namespace fanion::relay::serve {
namespace {

// Evaluates the flag that the path names.
Outcome answer_one(const Call& call, json::Value context) {
    const auto evaluation = evaluate_for(call.services, call.caller, call.request.param("key"), context, call.now);
    append_result(call.response.body, evaluation);
    return outcome_of(evaluation.error);
}

// The query parameters as a body: {"context": {..}}.
Result<std::string> body_of_query(const net::Request& request) {
    const auto parameters = request.query_parameters();
    if (!parameters) return parameters.error();
    std::string text;
    json::Writer writer(text);
    const std::string* user = nullptr;
    bool has_targeting_key = false;
    writer.begin_object().key("context").begin_object();
    for (const auto& [name, value] : *parameters) {
        if (name == "user_id") user = &value;
        has_targeting_key |= name == "targetingKey";
        writer.member(name, std::string_view(value));
    }
    if (user && !has_targeting_key) writer.member("targetingKey", std::string_view(*user));
    writer.end_object().end_object();
    return text;
}

}  // namespace

void append_result(std::string& out, eval::Evaluation evaluation) {
    std::string printable;
    if (!is_valid_utf8(evaluation.flag)) {
        printable = percent_encode(evaluation.flag);
        evaluation.flag = printable;
    }
    eval::append_json(out, evaluation);
}

Handled handle_evaluate_single(const Call& call) {
    const auto read = read_context(call.services, call.request.body);
    if (!read) return read.error();
    return answer_one(call, read->context);
}

Handled handle_evaluate_line(const Call& call) {
    const auto body = body_of_query(call.request);
    if (!body) return Refusal{Outcome::parse_error, body.error().detail};
    const auto read = read_context(call.services, *body);
    if (!read) return read.error();
    return answer_one(call, read->context);
}

Handled handle_explain(const Call& call) {
    const auto read = read_context(call.services, call.request.body);
    if (!read) return read.error();
    const std::string_view asked = call.request.param("key");
    const std::string key = is_valid_utf8(asked) ? std::string(asked) : percent_encode(asked);
    const auto& ruleset = *call.caller.environment->ruleset;
    const auto evaluation = eval::explain(ruleset, key, read->context, call.now, call.response.body);
    return outcome_of(evaluation.error);
}

}  // namespace fanion::relay::serve
