// OFREP's bulk answer: every flag that the caller may see, an entity tag, and where changes are announced.

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "relay/serve/canonical_context.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/event_stream.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/ofrep_format.hpp"
#include "relay/serve/wanted_version.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t expected_bytes_per_flag = 128;
constexpr std::size_t expected_bytes_of_top_level = 512;

// What the flags of an answer depend on: the environment's flags that the caller may see, the caller, and `covered`,
// the context or what the evaluations came to. Neither the event stream's URL, whose token changes with the hour, nor the
// environment's version, which changes with flags that the caller may not see, nor the number of seconds that the
// environment has been stale: otherwise polls would be answered in full although nothing has changed for them.
Sha256 hash_of_inputs(KeyHasher& hasher, const Caller& caller, std::string_view covered, bool stale, bool is_for_sdk) {
    hasher.begin();
    hasher.update(caller.environment->env_id);
    hasher.update(as_view(caller.environment->digests.of(caller.key->kind)));
    hasher.update(caller.key->sha256);
    hasher.update(caller.is_client() ? "client" : "server");
    hasher.update(caller.key->ofrep_minimal ? "minimal" : "whole");
    hasher.update(stale ? "stale" : "fresh");
    if (is_for_sdk) hasher.update("sdk");
    hasher.update(covered);
    return hasher.finish();
}

// A strong entity tag of the first 128 bits of the hash.
std::string etag_of(const Sha256& hash) { return '"' + to_base64url(as_view(hash).substr(0, 16)) + '"'; }

// The members after "flags": metadata and event streams.
void write_top_level(const Call& call, std::string& out) {
    if (call.caller.key->ofrep_minimal) return;
    const auto& environment = *call.caller.environment;
    out.append(",\"metadata\":{\"flagSetId\":");
    append_json_string(out, environment.env_id);
    out.append(",\"version\":\"").append(environment.etag).append("\"},\"eventStreams\":[");
    append_event_stream(out, call);
    out.append("]");
}

// An SDK of ours counts what the application uses, and reports it: fetching all flags is no use of any.
bool is_for_sdk(const net::Request& request) { return !request.header("Fanion-Sdk").empty(); }

// What an evaluation came to: with the definition of the flag, it determines the answer. Not the answer itself, which
// says for how many seconds the environment has been stale.
void append_outcome(std::string& out, const eval::Evaluation& evaluation) {
    for (const auto part : {evaluation.variation, evaluation.rule, evaluation.prerequisite}) {
        out.append(part);
        out += '\0';
    }
    out += static_cast<char>(evaluation.reason);
    out += static_cast<char>(evaluation.error);
}

// `outcomes` is null where the entity tag does not depend on them.
void write_flags(const Call& call, json::Value context, std::string& out, std::string* outcomes) {
    const Caller& caller = call.caller;
    const auto& ruleset = *caller.environment->ruleset;
    const StaleSeconds stale = stale_seconds(*caller.environment, call.now);
    const std::size_t flags = ruleset.flag_count();
    out.reserve(flags * expected_bytes_per_flag + expected_bytes_of_top_level);
    out.append("{\"flags\":[");
    const bool for_sdk = is_for_sdk(call.request);
    bool first = true;
    eval::Evaluator evaluator(ruleset, context, call.now);
    for (std::size_t i = 0; i < flags; ++i) {
        if (!is_visible(caller, ruleset.flag_info(i))) continue;
        if (!first) out.push_back(',');
        first = false;
        const auto evaluation = for_sdk ? evaluator.evaluate(i) : evaluate_for(call.services, caller, evaluator, i);
        if (outcomes) append_outcome(*outcomes, evaluation);
        if (evaluation.error == eval::ErrorCode::none) {
            append_ofrep_success(out, evaluation, stale, for_sdk && ruleset.flag_info(i).track);
        } else {
            const OutcomeRow& row = row_of(outcome_of(evaluation.error));
            const auto details = failure_details(ruleset, evaluation, call.services.details);
            append_ofrep_failure(out, {.key = evaluation.flag, .code = row.ofrep_code, .details = details});
        }
    }
    out.append("]");
}

}  // namespace

Handled handle_ofrep_bulk(const Call& call) {
    auto& services = call.services;
    const Caller& caller = call.caller;
    const auto read = read_context(services, call.request.body);
    if (!read) return read.error();
    const json::Value context = read->context;
    if (context && !context.is(json::Kind::object)) {
        return Refusal{Outcome::invalid_context, std::string(row_of(Outcome::invalid_context).text)};
    }

    note_names(services, caller, context);
    auto& body = call.response.body;
    auto& covered = services.scratch;  // by the entity tag, beside the flags and the caller
    covered.clear();
    const bool by_result = caller.environment->ruleset->reads_now();  // the same inputs may give another answer later
    if (by_result) {
        write_flags(call, context, body, &covered);
    } else if (context) {
        append_canonical(covered, context, services.members);
    } else {
        covered.append("{}");  // a missing context is an empty one
    }
    const bool stale = stale_seconds(*caller.environment, call.now).has_value();
    std::string etag = etag_of(hash_of_inputs(services.hasher, caller, covered, stale, is_for_sdk(call.request)));
    const bool is_known = net::has_current(call.request, etag) && !wants_stream_url(call.request);
    call.response.set("ETag", std::move(etag));
    if (is_known) {
        body.clear();
        call.response.content_type = {};
        return Outcome::not_modified;
    }
    if (!by_result) write_flags(call, context, body, nullptr);
    write_top_level(call, body);
    body.append("}");
    return Outcome::ok;
}

}  // namespace fanion::relay::serve
