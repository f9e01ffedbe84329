#include "relay/serve/evaluate_api.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "common/base/text.hpp"
#include "common/eval/explain/explain.hpp"
#include "common/json/writer.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/exposures.hpp"

namespace fanion::relay::serve {
namespace {

// Evaluates the flag that the path names.
Outcome answer_one(const Call& call, json::Value context) {
    note_names(call.services, call.caller, context);
    const auto evaluation = evaluate_for(call.services, call.caller, call.request.param("key"), context, call.now);
    note_exposure(call.services, call.caller, evaluation, context, call.now);
    append_result(call.response.body, evaluation);
    return outcome_of(evaluation.error);
}

using Parameter = std::pair<std::string, std::string>;

// A string, or a list of strings where the parameter is given more than once.
void write_values(json::Writer& writer, std::string_view name, std::span<const Parameter> values) {
    writer.key(name);
    if (values.size() > 1) writer.begin_array();
    for (const auto& [key, value] : values) writer.string(value);
    if (values.size() > 1) writer.end_array();
}

// The query parameters as a body: {"context": {..}}.
Result<std::string> body_of_query(const net::Request& request) {
    auto parameters = request.query_parameters();
    if (!parameters) return parameters.error();
    std::stable_sort(parameters->begin(), parameters->end(),
                     [](const Parameter& a, const Parameter& b) { return a.first < b.first; });
    std::string text;
    json::Writer writer(text);
    std::span<const Parameter> user;
    bool has_targeting_key = false;
    writer.begin_object().key("context").begin_object();
    for (std::span<const Parameter> rest(*parameters); !rest.empty();) {
        const auto& name = rest.front().first;
        const auto is_other = [&name](const Parameter& parameter) { return parameter.first != name; };
        const auto values =
            rest.first(static_cast<std::size_t>(std::find_if(rest.begin(), rest.end(), is_other) - rest.begin()));
        if (name == "user_id") user = values;
        has_targeting_key |= name == "targetingKey";
        write_values(writer, name, values);
        rest = rest.subspan(values.size());
    }
    if (!user.empty() && !has_targeting_key) write_values(writer, "targetingKey", user);
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
