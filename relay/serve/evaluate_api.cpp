#include "relay/serve/evaluate_api.hpp"

#include <optional>
#include <vector>

#include "common/base/text.hpp"
#include "common/eval/explain/explain.hpp"
#include "common/json/limits.hpp"
#include "common/json/writer.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t max_contexts = 1'000;
constexpr std::size_t max_results = 100'000;

void refuse(WorkerDeps& services, net::Request& request, net::Response& response, ServeRoute route,
            const Admission& admission) {
    response =
        net::problem(Error{row_of(admission.outcome).errc, std::string(refusal_text(admission))}, request.request_id());
    set_refusal(response, admission);
    services.metrics.count(route, admission.outcome);
    add_cors(services, request, response, admission.caller);
}

void refuse_body(WorkerDeps& services, net::Request& request, net::Response& response, ServeRoute route,
                 const Caller& caller, Outcome outcome, std::string detail, std::vector<Finding> findings = {}) {
    response = net::problem(Error{row_of(outcome).errc, std::move(detail), std::move(findings)}, request.request_id());
    services.metrics.count(route, outcome);
    add_cors(services, request, response, caller);
}

void append_result(std::string& out, eval::Evaluation evaluation) {
    std::string printable;
    if (!is_valid_utf8(evaluation.flag)) {  // asked for in bytes that JSON cannot hold
        printable = percent_encode(evaluation.flag);
        evaluation.flag = printable;
    }
    eval::append_json(out, evaluation);
}

void answer_one(WorkerDeps& services, net::Request& request, net::Response& response, ServeRoute route,
                const Caller& caller, json::Value context, UnixMillis now) {
    const auto evaluation = evaluate_for(services, caller, request.param("key"), context, now);
    const Outcome outcome = outcome_of(evaluation.error);
    response.status = row_of(outcome).status;
    append_result(response.body, evaluation);
    services.metrics.count(route, outcome);
    add_cors(services, request, response, caller);
}

void explain_one(WorkerDeps& services, net::Request& request, net::Response& response, ServeRoute route,
                 const Caller& caller, json::Value context, UnixMillis now) {
    if (caller.is_client()) {
        return refuse_body(services, request, response, route, caller, Outcome::forbidden,
                           "explanations are for server keys");
    }
    const std::string_view asked = request.param("key");
    const std::string key = is_valid_utf8(asked) ? std::string(asked) : percent_encode(asked);
    const auto evaluation = eval::explain(*caller.environment->ruleset, key, context, now, response.body);
    const Outcome outcome = outcome_of(evaluation.error);
    response.status = row_of(outcome).status;
    services.metrics.count(route, outcome);
    add_cors(services, request, response, caller);
}

// A question about one flag, whose context is in the body.
void handle_one(WorkerDeps& services, net::Request& request, net::Response& response, ServeRoute route,
                decltype(answer_one)* answer) {
    const UnixMillis now = services.clock.now();
    const Admission admission = admit(services, request, now);
    if (!admission) return refuse(services, request, response, route, admission);
    const ContextRead read = read_context(services, request.body);
    if (read.outcome != Outcome::ok) {
        return refuse_body(services, request, response, route, admission.caller, read.outcome, read.detail);
    }
    answer(services, request, response, route, admission.caller, read.context, now);
}

// What a bulk request asks for.
struct Question {
    std::optional<std::vector<std::string_view>> flags;  // none: all
    std::vector<json::Value> contexts;
    bool many = false;  // `contexts` was given
};

Error wrong(Errc code, std::string pointer, std::string finding, const std::string& detail) {
    return {code, detail, {{"", std::move(pointer), std::move(finding), detail}}};
}

Result<> read_flags(json::Value flags, Question& question) {
    if (!flags.is(json::Kind::array))
        return wrong(Errc::invalid_input, "/flags", "wrong_type", "flags is not an array");
    question.flags.emplace();
    for (const auto flag : flags.elements()) {
        if (!flag.is(json::Kind::string)) {
            const auto pointer = "/flags/" + std::to_string(question.flags->size());
            return wrong(Errc::invalid_input, pointer, "wrong_type", "flags holds something that is no string");
        }
        question.flags->push_back(flag.as_string());
    }
    return {};
}

Result<> read_contexts(json::Value contexts, Question& question) {
    if (!contexts.is(json::Kind::array)) {
        return wrong(Errc::invalid_input, "/contexts", "wrong_type", "contexts is not an array");
    }
    if (contexts.size() > max_contexts) {
        return wrong(Errc::invalid_input, "/contexts", "limit", "more than 1000 contexts");
    }
    question.many = true;
    question.contexts.clear();
    for (const auto context : contexts.elements()) question.contexts.push_back(context);
    return {};
}

// Each context for itself, as compact JSON. Only called where the body is large enough for one that is too large.
Result<> check_sizes(const Question& question, std::string& scratch) {
    for (std::size_t i = 0; i < question.contexts.size(); ++i) {
        if (!question.contexts[i]) continue;
        scratch.clear();
        question.contexts[i].append_to(scratch);
        if (scratch.size() <= limits::context_bytes) continue;
        const auto pointer = question.many ? "/contexts/" + std::to_string(i) : std::string("/context");
        return wrong(Errc::too_large, pointer, "limit", "a context is larger than 64 KiB");
    }
    return {};
}

// Errors: invalid_input, or too_large; their finding names the place.
Result<Question> read_question(const ContextRead& read, std::size_t body_bytes, std::string& scratch) {
    Question question;
    question.contexts.push_back(read.context);
    if (!read.root) return question;
    if (const auto flags = read.root.find("flags")) {
        if (auto taken = read_flags(flags, question); !taken) return taken.error();
    }
    if (const auto contexts = read.root.find("contexts")) {
        if (auto taken = read_contexts(contexts, question); !taken) return taken.error();
    }
    if (body_bytes > limits::context_bytes) {
        if (auto fit = check_sizes(question, scratch); !fit) return fit.error();
    }
    return question;
}

void append_results(std::string& out, WorkerDeps& services, const Caller& caller, const Question& question,
                    json::Value context, UnixMillis now) {
    const auto& ruleset = *caller.environment->ruleset;
    bool first = true;
    const auto separate = [&] {
        if (!first) out.push_back(',');
        first = false;
    };
    out.append("{\"results\":[");
    if (question.flags) {
        for (const auto flag : *question.flags) {
            separate();
            append_result(out, evaluate_for(services, caller, flag, context, now));
        }
    } else {
        eval::Evaluator evaluator(ruleset, context, now);
        for (std::size_t i = 0; i < ruleset.flag_count(); ++i) {
            if (!is_visible(caller, ruleset.flag_info(i))) continue;
            separate();
            append_result(out, evaluate_for(services, caller, evaluator, i));
        }
    }
    out.append("]}");
}

void answer_question(std::string& out, WorkerDeps& services, const Caller& caller, const Question& question,
                     UnixMillis now) {
    if (!question.many) return append_results(out, services, caller, question, question.contexts.front(), now);
    out.append("{\"contexts\":[");
    bool first = true;
    for (const auto context : question.contexts) {
        if (!first) out.push_back(',');
        first = false;
        append_results(out, services, caller, question, context, now);
    }
    out.append("]}");
}

// The query as a context.
Result<std::string> context_of_query(const net::Request& request) {
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

void handle_evaluate_single(WorkerDeps& services, net::Request& request, net::Response& response) {
    handle_one(services, request, response, ServeRoute::evaluate_single, answer_one);
}

void handle_evaluate_bulk(WorkerDeps& services, net::Request& request, net::Response& response) {
    constexpr auto route = ServeRoute::evaluate_bulk;
    const UnixMillis now = services.clock.now();
    const Admission admission = admit(services, request, now);
    if (!admission) return refuse(services, request, response, route, admission);
    const Caller& caller = admission.caller;
    const ContextRead read = read_context(services, request.body, BodyKind::many_contexts);
    if (read.outcome != Outcome::ok) {
        return refuse_body(services, request, response, route, caller, read.outcome, read.detail);
    }
    const auto question = read_question(read, request.body.size(), services.scratch);
    if (!question) {
        auto error = question.error();
        const auto outcome = error.code == Errc::too_large ? Outcome::too_large : Outcome::parse_error;
        return refuse_body(services, request, response, route, caller, outcome, std::move(error.detail),
                           std::move(error.findings));
    }
    const std::size_t flags = question->flags ? question->flags->size() : caller.environment->ruleset->flag_count();
    if (flags * question->contexts.size() > max_results) {
        return refuse_body(services, request, response, route, caller, Outcome::too_large,
                           "more than 100000 results asked for");
    }
    answer_question(response.body, services, caller, *question, now);
    services.metrics.count(route, Outcome::ok);
    add_cors(services, request, response, caller);
}

void handle_explain(WorkerDeps& services, net::Request& request, net::Response& response) {
    handle_one(services, request, response, ServeRoute::explain, explain_one);
}

void handle_evaluate_line(WorkerDeps& services, net::Request& request, net::Response& response) {
    constexpr auto route = ServeRoute::evaluate_line;
    const UnixMillis now = services.clock.now();
    const Admission admission = admit(services, request, now);
    if (!admission) return refuse(services, request, response, route, admission);
    const auto context = context_of_query(request);
    if (!context) {
        return refuse_body(services, request, response, route, admission.caller, Outcome::parse_error,
                           context.error().detail);
    }
    const ContextRead read = read_context(services, *context);
    if (read.outcome != Outcome::ok) {
        return refuse_body(services, request, response, route, admission.caller, read.outcome, read.detail);
    }
    answer_one(services, request, response, route, admission.caller, read.context, now);
}

}  // namespace fanion::relay::serve
