// OFREP's bulk answer: every flag the caller may see, its entity tag, and where changes are announced.

#include <algorithm>

#include "common/base/text.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/etag.hpp"
#include "relay/serve/event_stream.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/ofrep_format.hpp"
#include "relay/serve/wanted_version.hpp"

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

// The members after "flags": metadata and event streams.
void write_top_level(WorkerDeps& services, const net::Request& request, const Caller& caller, UnixMillis now,
                     std::string& out) {
    if (caller.key->ofrep_minimal) return;
    const auto& environment = *caller.environment;
    out.append(",\"metadata\":{\"flagSetId\":");
    append_json_string(out, environment.env_id);
    out.append(",\"version\":\"").append(environment.etag).append("\"},\"eventStreams\":[");
    append_event_stream(out, services, request, caller, now);
    out.append("]");
}

void write_flags(WorkerDeps& services, const Caller& caller, json::Value context, UnixMillis now, std::string& out) {
    const auto& ruleset = *caller.environment->ruleset;
    const StaleSeconds stale = stale_seconds(*caller.environment, now);
    const std::size_t flags = ruleset.flag_count();
    bool first = true;
    eval::Evaluator evaluator(ruleset, context, now);
    for (std::size_t i = 0; i < flags; ++i) {
        if (!is_visible(caller, ruleset.flag_info(i))) continue;
        if (!first) out.push_back(',');
        first = false;
        const auto evaluation = evaluate_for(services, caller, evaluator, i);
        if (evaluation.error == eval::ErrorCode::none) {
            append_ofrep_success(out, evaluation, stale);
        } else {
            const OutcomeRow& row = row_of(outcome_of(evaluation.error));
            append_ofrep_failure(out, {.key = evaluation.flag, .code = row.ofrep_code, .details = row.text});
        }
    }
}

void write_body(WorkerDeps& services, const Caller& caller, std::string_view top_level, json::Value context,
                UnixMillis now, std::string& out) {
    out.reserve(caller.environment->ruleset->flag_count() * expected_bytes_per_flag + top_level.size());
    out.append("{\"flags\":[");
    write_flags(services, caller, context, now, out);
    out.append("]").append(top_level).append("}");
}

void answer_bulk(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller,
                 json::Value context, UnixMillis now) {
    std::string& top_level = services.scratch;
    top_level.clear();
    write_top_level(services, request, caller, now, top_level);
    const bool by_result = caller.environment->ruleset->reads_now();  // the same inputs may give another answer later
    const bool stale = stale_seconds(*caller.environment, now).has_value();
    if (by_result) write_body(services, caller, top_level, context, now, response.body);
    std::string etag = make_etag(hash_of_inputs(services.hasher, caller, top_level,
                                                by_result ? std::string_view(response.body) : request.body, stale));
    if (matches_etag(request.header("If-None-Match"), etag)) {
        response.status = 304;
        response.body.clear();
        response.content_type = {};
        services.metrics.count(ServeRoute::ofrep_bulk, Outcome::not_modified);
    } else {
        if (!by_result) write_body(services, caller, top_level, context, now, response.body);
        services.metrics.count(ServeRoute::ofrep_bulk, Outcome::ok);
    }
    response.set("ETag", std::move(etag));
    add_cors(services, request, response, caller);
}

net::Attempt handle_bulk(WorkerDeps& services, net::Request& request, net::Response& response, bool may_wait) {
    const UnixMillis now = services.clock.now();
    const Admission admission = admit(services, request, now);
    if (!admission) {
        refuse_ofrep(services, request, response, ServeRoute::ofrep_bulk, admission, std::nullopt);
        return net::Attempt::answered;
    }
    const Caller& caller = admission.caller;
    if (may_wait && !wanted_version(request).is_satisfied_by(*caller.environment)) {
        return net::Attempt::must_wait;
    }
    ContextRead read = read_context(services, request.body);
    if (read.outcome == Outcome::ok && read.context && !read.context.is(json::Kind::object)) {
        read.outcome = Outcome::invalid_context;
        read.detail = row_of(Outcome::invalid_context).text;
    }
    if (read.outcome != Outcome::ok) {
        refuse_ofrep_body(services, request, response, ServeRoute::ofrep_bulk, caller, read, std::nullopt);
        return net::Attempt::answered;
    }
    answer_bulk(services, request, response, caller, read.context, now);
    return net::Attempt::answered;
}

}  // namespace

net::Attempt handle_ofrep_bulk(WorkerDeps& services, net::Request& request, net::Response& response) {
    return handle_bulk(services, request, response, true);
}

boost::asio::awaitable<net::Response> handle_ofrep_bulk_waiting(WorkerDeps& services, net::Request& request) {
    const WantedVersion wanted = wanted_version(request);
    const auto deadline = std::chrono::steady_clock::now() + services.config.version_wait;
    for (;;) {
        const auto left = std::chrono::ceil<ChangeNotifier::Millis>(deadline - std::chrono::steady_clock::now());
        // Looked up anew after each wait: keys and rulesets change meanwhile.
        const Admission admission = admit(services, request, services.clock.now());
        if (!admission || left.count() <= 0 || wanted.is_satisfied_by(*admission.caller.environment)) break;
        std::string env_id = admission.caller.environment->env_id;
        co_await services.notifier.wait_for_change(std::move(env_id), left);
        if (services.notifier.is_ending()) break;
    }
    net::Response response;
    handle_bulk(services, request, response, false);
    co_return response;
}

}  // namespace fanion::relay::serve
