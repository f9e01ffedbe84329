// OFREP's bulk answer: every flag that the caller may see, an entity tag, and where changes are announced.

#include "common/base/crypto.hpp"
#include "common/base/text.hpp"
#include "common/net/conditional.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/event_stream.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t expected_bytes_per_flag = 128;

// What the bytes of an answer depend on: the environment, the caller, `top_level`, and `body`. The number of seconds that the
// environment has been stale is not part of it: otherwise every poll would be answered in full for as long as the control
// plane is unreachable.
Sha256 hash_of_inputs(KeyHasher& hasher, const Caller& caller, std::string_view top_level, std::string_view body,
                      bool stale) {
    hasher.begin();
    hasher.update(caller.environment->env_id);
    hasher.update(caller.environment->etag);
    hasher.update(as_view(caller.environment->root));
    hasher.update(caller.key->sha256);
    hasher.update(caller.is_client() ? "client" : "server");
    hasher.update(stale ? "stale" : "fresh");
    hasher.update(top_level);
    hasher.update(body);
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

void write_flags(const Call& call, json::Value context, std::string& out) {
    const Caller& caller = call.caller;
    const auto& ruleset = *caller.environment->ruleset;
    const StaleSeconds stale = stale_seconds(*caller.environment, call.now);
    const std::size_t flags = ruleset.flag_count();
    bool first = true;
    eval::Evaluator evaluator(ruleset, context, call.now);
    for (std::size_t i = 0; i < flags; ++i) {
        if (!is_visible(caller, ruleset.flag_info(i))) continue;
        if (!first) out.push_back(',');
        first = false;
        const auto evaluation = evaluate_for(call.services, caller, evaluator, i);
        if (evaluation.error == eval::ErrorCode::none) {
            append_ofrep_success(out, evaluation, stale);
        } else {
            const OutcomeRow& row = row_of(outcome_of(evaluation.error));
            const auto details = failure_details(ruleset, evaluation, call.services.details);
            append_ofrep_failure(out, {.key = evaluation.flag, .code = row.ofrep_code, .details = details});
        }
    }
}

void write_body(const Call& call, std::string_view top_level, json::Value context, std::string& out) {
    out.reserve(call.caller.environment->ruleset->flag_count() * expected_bytes_per_flag + top_level.size());
    out.append("{\"flags\":[");
    write_flags(call, context, out);
    out.append("]").append(top_level).append("}");
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

    auto& body = call.response.body;
    std::string& top_level = services.scratch;
    top_level.clear();
    write_top_level(call, top_level);
    const bool by_result = caller.environment->ruleset->reads_now();  // the same inputs may give another answer later
    if (by_result) write_body(call, top_level, context, body);
    const bool stale = stale_seconds(*caller.environment, call.now).has_value();
    const std::string_view input = by_result ? std::string_view(body) : call.request.body;
    std::string etag = etag_of(hash_of_inputs(services.hasher, caller, top_level, input, stale));
    const bool is_known = net::has_current(call.request, etag);
    call.response.set("ETag", std::move(etag));
    if (is_known) {
        body.clear();
        call.response.content_type = {};
        return Outcome::not_modified;
    }
    if (!by_result) write_body(call, top_level, context, body);
    return Outcome::ok;
}

}  // namespace fanion::relay::serve
