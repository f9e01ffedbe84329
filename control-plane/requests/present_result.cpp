#include "control-plane/requests/present_result.hpp"

#include <algorithm>
#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/db/savepoint.hpp"
#include "control-plane/http/problem.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/requests/digest.hpp"
#include "control-plane/requests/request_store.hpp"
#include "control-plane/schedules/carry_out.hpp"
#include "control-plane/schedules/keep_schedule.hpp"

namespace fanion::cp::requests {

using boost::asio::awaitable;

namespace {

// What is kept of them with the request.
constexpr std::size_t most_sentences = 100;
constexpr std::size_t most_sentence_bytes = 16 * 1024;

std::vector<std::string> first_of(std::vector<std::string> sentences) {
    std::size_t kept = 0;
    for (std::size_t bytes = 0; kept < sentences.size() && kept < most_sentences; ++kept) {
        bytes += sentences[kept].size();
        if (bytes > most_sentence_bytes) break;
    }
    if (kept == sentences.size()) return sentences;
    const auto left_out = sentences.size() - kept;
    sentences.resize(kept);
    sentences.push_back("And " + std::to_string(left_out) + " more.");
    return sentences;
}

}  // namespace

awaitable<RequestResult> result_of(http::Services& services, const projects::Environment& env,
                                   const ChangeRequest& request, const http::Enclosure& enclosure) {
    ServedItems served;
    for (const auto& each : enclosure.served) served[each.environment][each.item.key] = each.item.body;
    auto work = [changes = request.content.changes, served = std::move(served)] { return digest_of(changes, served); };
    RequestResult result;
    result.digest = co_await services.blocking.compute(std::move(work));
    for (const auto& [environment, approvals] : enclosure.guarded)
        result.required = std::max(result.required, approvals);
    result.base = wire::to_string(env.version);
    co_return result;
}

awaitable<Result<PresentResult>> present_result(http::Services& services, db::Transaction& tx,
                                                const projects::Environment& env, const ChangeRequest& request) {
    // Read first: a version that is published meanwhile is another base.
    auto base = co_await project_base(tx, env.project_id);
    auto author = co_await schedules::act_as(tx, services, request.author, env.org_id, env.org_key);
    if (!author) co_return author.error();
    http::Enclosure dropped{tx};
    dropped.carries_approvals = true;
    dropped.is_proposal = true;
    std::vector<std::string> sentences;
    db::set_savepoint(tx);
    auto made =
        co_await schedules::carry_out(std::move(*author), request.content.changes, dropped, "/changes/", &sentences);
    co_await db::undo_to_savepoint(tx);
    if (!made) co_return made.error();
    if (made->status >= 400) co_return schedules::refusal_of(*made);
    PresentResult present;
    present.result = co_await result_of(services, env, request, dropped);
    present.result.tried_of = std::move(base);
    present.result.sentences = first_of(std::move(sentences));
    present.guarded = std::move(dropped.guarded);
    co_return present;
}

std::string resource_of_request(const http::Call& call, const RequestId& request_id) {
    return "projects/" + call.param("project") + "/environments/" + call.param("env") + "/requests/" + request_id.str();
}

awaitable<Result<LockedRequest>> lock_for(http::Edit& edit, Step step) {
    auto& call = edit.call();
    auto env = co_await projects::load_environment(call, edit.tx());
    if (!env) co_return env.error();
    auto request = co_await lock_request(edit.tx(), env->env_id, RequestId(call.param("request")));
    if (!request) co_return http::not_found("change request", "{request}");
    auto before = edit.match(http::etag(request->version), request_text(*request));
    if (!before) co_return before.error();
    const bool is_author = request->author.id == call.principal.actor_id();
    const auto after = decide(request->state, step, is_author);
    if (!after) co_return after.error();
    co_return LockedRequest{std::move(*env), std::move(*request), *after, std::move(*before)};
}

awaitable<http::EditOutcome> finish_step(http::Edit& edit, LockedRequest locked, audit::Action action) {
    auto& request = locked.request;
    request.version += 1;
    request.updated_at = edit.call().now();
    co_await update_request(edit.tx(), request);
    auto outcome = edit.changed(action, std::move(*locked.before), request_text(request), http::etag(request.version));
    outcome.audit->resource = resource_of_request(edit.call(), request.request_id);
    co_return outcome;
}

awaitable<http::EditOutcome> finish_end(http::Edit& edit, LockedRequest locked, audit::Action action,
                                        std::string reason) {
    auto& request = locked.request;
    request.state = locked.state_after;
    request.reason = std::move(reason);
    request.ended_by = edit.call().principal.actor_id();
    request.ended_at = edit.call().now();
    auto path = resource_of_request(edit.call(), request.request_id) + "/apply";
    auto why = "the change request is " + std::string(name_of(request.state));
    auto cancelled = co_await schedules::cancel_schedules_of(edit, locked.env, std::move(path), std::move(why));
    auto outcome = co_await finish_step(edit, std::move(locked), action);
    if (!cancelled.empty()) outcome.group = audit::new_entry_id();
    outcome.more = std::move(cancelled);
    co_return outcome;
}

awaitable<http::EditOutcome> ask_again(http::Edit& edit, LockedRequest locked, RequestResult present, Error error) {
    locked.request.result = std::move(present);
    auto outcome = co_await finish_step(edit, std::move(locked), audit::Action::change_request_updated);
    outcome.response = http::problem(error, edit.call().request);
    co_return outcome;
}

}  // namespace fanion::cp::requests
