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

// What of the environment's content decides the answer's bytes, but for the context. The seconds of staleness are left out:
// while the control plane is away, every poll would else be answered in full.
Sha256 hash_of_inputs(WorkerDeps& services, const Caller& caller, std::string_view body, bool stale) {
    auto& hasher = services.hasher;
    hasher.begin();
    hasher.update(caller.environment->env_id);
    hasher.update(caller.environment->etag);
    hasher.update(as_view(caller.environment->root));
    hasher.update(caller.key->sha256);
    hasher.update(caller.is_client() ? "client" : "server");
    hasher.update(stale ? "stale" : "fresh");
    hasher.update(services.scratch);  // metadata and event streams as they will be written
    hasher.update(body);
    return hasher.finish();
}

// Members after "flags", into services.scratch.
void write_top_level(WorkerDeps& services, const net::Request& request, const Caller& caller, UnixMillis now) {
    auto& out = services.scratch;
    out.clear();
    if (caller.key->ofrep_minimal) return;
    const auto& environment = *caller.environment;
    out.append(",\"metadata\":{\"flagSetId\":");
    append_json_string(out, environment.env_id);
    out.append(",\"version\":\"").append(environment.etag).append("\"},\"eventStreams\":[");
    append_event_stream(out, services, request, caller, now);
    out.append("]");
}

std::size_t write_flags(WorkerDeps& services, const Caller& caller, json::Value context, UnixMillis now,
                        std::string& out) {
    const auto& ruleset = *caller.environment->ruleset;
    const StaleSeconds stale = stale_seconds(*caller.environment, now);
    const std::size_t flags = ruleset.flag_count();
    out.reserve(out.size() + flags * expected_bytes_per_flag + services.scratch.size());
    std::size_t written = 0;
    eval::Evaluator evaluator(ruleset, context, now);
    for (std::size_t i = 0; i < flags; ++i) {
        if (caller.is_client() && !ruleset.flag_info(i).client) continue;
        if (written++ > 0) out.push_back(',');
        const auto evaluation = evaluate_for(services, caller, evaluator, i);
        if (evaluation.error == eval::ErrorCode::none) {
            append_ofrep_success(out, evaluation, stale);
        } else {
            append_ofrep_failure(out, {.key = evaluation.flag,
                                       .code = eval::name_of(evaluation.error),
                                       .details = failure_details(evaluation.error)});
        }
    }
    return written;
}

void write_body(WorkerDeps& services, const Caller& caller, json::Value context, UnixMillis now, std::string& out) {
    out.append("{\"flags\":[");
    write_flags(services, caller, context, now, out);
    out.append("]").append(services.scratch).append("}");
}

void answer_bulk(WorkerDeps& services, const net::Request& request, net::Response& response, const Caller& caller,
                 json::Value context, UnixMillis now) {
    write_top_level(services, request, caller, now);
    const bool by_result = caller.environment->ruleset->reads_now();  // the same inputs then give other answers later
    const bool stale = stale_seconds(*caller.environment, now).has_value();
    if (by_result) write_body(services, caller, context, now, response.body);
    std::string etag = make_etag(hash_of_inputs(services, caller, by_result ? response.body : request.body, stale));
    if (matches_etag(request.header("If-None-Match"), etag)) {
        response.status = 304;
        response.body.clear();
        response.content_type = {};
        services.metrics.count(ServeRoute::ofrep_bulk, Outcome::not_modified);
    } else {
        if (!by_result) write_body(services, caller, context, now, response.body);
        services.metrics.count(ServeRoute::ofrep_bulk, Outcome::ok);
    }
    response.set("ETag", std::move(etag));
    add_cors(services, request, response, caller);
}

void handle_bulk(WorkerDeps& services, net::Request& request, net::Response& response, bool may_wait) {
    const UnixMillis now = services.clock.now();
    const Admission admission = admit(services, request, now);
    if (!admission) return refuse_ofrep(services, request, response, ServeRoute::ofrep_bulk, admission, std::nullopt);
    const Caller& caller = admission.caller;
    if (may_wait && !wanted_version(request).is_satisfied_by(*caller.environment)) {
        response.status = 0;
        return;
    }
    ContextRead read = read_context(services, request.body);
    if (read.outcome == Outcome::ok && read.context && !read.context.is(json::Kind::object)) {
        read.outcome = Outcome::invalid_context;
        read.detail = failure_details(eval::ErrorCode::invalid_context);
    }
    if (read.outcome != Outcome::ok) {
        return refuse_ofrep_body(services, request, response, ServeRoute::ofrep_bulk, caller, read, std::nullopt);
    }
    answer_bulk(services, request, response, caller, read.context, now);
}

}  // namespace

void handle_ofrep_bulk(WorkerDeps& services, net::Request& request, net::Response& response) {
    handle_bulk(services, request, response, true);
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
