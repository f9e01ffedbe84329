#include "relay/serve/ofrep_api.hpp"

#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/exposures.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::serve {

Handled handle_ofrep_single(const Call& call) {
    const auto read = read_context(call.services, call.request.body);
    if (!read) return read.error();
    note_names(call.services, call.caller, read->context);
    const std::string_view key = call.request.param("key");
    const auto evaluation = evaluate_for(call.services, call.caller, key, read->context, call.now);
    note_exposure(call.services, call.caller, evaluation, read->context, call.now);
    const Outcome outcome = outcome_of(evaluation.error);
    if (outcome == Outcome::ok) {
        append_ofrep_success(call.response.body, evaluation, stale_seconds(*call.caller.environment, call.now));
    } else {
        const OutcomeRow& row = row_of(outcome);
        const auto details = failure_details(*call.caller.environment->ruleset, evaluation, call.services.details);
        append_ofrep_failure(
            call.response.body,
            {.key = evaluation.flag, .code = row.ofrep_code, .details = details, .repeat = row.status == 400});
    }
    return outcome;
}

void write_removed_configuration(net::Response& response) {
    response.status = 404;
    append_ofrep_failure(
        response.body,
        {.key = std::nullopt, .code = "GENERAL", .details = "OFREP has no configuration endpoint any more"});
}

}  // namespace fanion::relay::serve
