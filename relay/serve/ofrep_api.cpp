#include "relay/serve/ofrep_api.hpp"

#include "relay/serve/cors.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::serve {
namespace {

void answer_failure(net::Response& response, const eval::Evaluation& evaluation, Outcome outcome) {
    const OutcomeRow& row = row_of(outcome);
    response.status = row.status;
    append_ofrep_failure(
        response.body,
        {.key = evaluation.flag, .code = row.ofrep_code, .details = row.text, .doubled = row.status == 400});
}

}  // namespace

void handle_ofrep_single(WorkerDeps& services, net::Request& request, net::Response& response) {
    const UnixMillis now = services.clock.now();
    const std::string_view key = request.param("key");
    const Admission admission = admit(services, request, now);
    if (!admission) return refuse_ofrep(services, request, response, ServeRoute::ofrep_single, admission, key);
    const Caller& caller = admission.caller;
    const ContextRead read = read_context(services, request.body);
    if (read.outcome != Outcome::ok) {
        return refuse_ofrep_body(services, request, response, ServeRoute::ofrep_single, caller, read, key);
    }
    const auto evaluation = evaluate_for(services, caller, key, read.context, now);
    const Outcome outcome = outcome_of(evaluation.error);
    if (outcome == Outcome::ok) {
        append_ofrep_success(response.body, evaluation, stale_seconds(*caller.environment, now));
    } else {
        answer_failure(response, evaluation, outcome);
    }
    services.metrics.count(ServeRoute::ofrep_single, outcome);
    add_cors(services, request, response, caller);
}

void refuse_ofrep(WorkerDeps& services, const net::Request& request, net::Response& response, ServeRoute route,
                  const Admission& admission, std::optional<std::string_view> key) {
    set_refusal(response, admission);
    append_ofrep_failure(
        response.body, {.key = key, .code = row_of(admission.outcome).ofrep_code, .details = refusal_text(admission)});
    services.metrics.count(route, admission.outcome);
    add_cors(services, request, response, admission.caller);
}

void refuse_ofrep_body(WorkerDeps& services, const net::Request& request, net::Response& response, ServeRoute route,
                       const Caller& caller, const ContextRead& read, std::optional<std::string_view> key) {
    response.status = row_of(read.outcome).status;
    append_ofrep_failure(response.body, {.key = key,
                                         .code = row_of(read.outcome).ofrep_code,
                                         .details = read.detail,
                                         .doubled = key && response.status == 400});
    services.metrics.count(route, read.outcome);
    add_cors(services, request, response, caller);
}

}  // namespace fanion::relay::serve
