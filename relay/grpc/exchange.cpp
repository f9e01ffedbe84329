#include "relay/grpc/exchange.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "common/json/limits.hpp"
#include "common/net/request_builder.hpp"
#include "relay/grpc/struct_codec.hpp"
#include "relay/serve/counted_evaluation.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::grpc {
namespace asio = boost::asio;
using serve::Outcome;
using serve::ServeRoute;

namespace {

// Clients of flagd know NOT_FOUND as FLAG_NOT_FOUND, INVALID_ARGUMENT as TYPE_MISMATCH and DATA_LOSS as PARSE_ERROR.
Code code_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::ok:
        case Outcome::not_modified:
            return Code::ok;
        case Outcome::flag_not_found:
            return Code::not_found;
        case Outcome::type_mismatch:
            return Code::invalid_argument;
        case Outcome::targeting_key_missing:
            return Code::failed_precondition;
        case Outcome::invalid_context:
        case Outcome::parse_error:
            return Code::data_loss;
        case Outcome::too_large:
        case Outcome::rate_limited:
            return Code::resource_exhausted;
        case Outcome::unauthorized:
            return Code::unauthenticated;
        case Outcome::forbidden:
            return Code::permission_denied;
        case Outcome::not_synchronised:
        case Outcome::overloaded:
            return Code::unavailable;
        case Outcome::accepted:  // of requests that RPCs do not have
        case Outcome::no_content:
        case Outcome::not_granted:
        case Outcome::unprocessable:
        case Outcome::encoded_body:
        case Outcome::count:
            break;
    }
    return Code::internal;
}

std::string text_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "not a std::exception";
    }
}

}  // namespace

WorkerExchange::WorkerExchange(std::shared_ptr<Call> call, Incoming incoming, Worker& worker, Shared& shared)
    : call_(std::move(call)),
      incoming_(std::move(incoming)),
      worker_(worker),
      shared_(shared),
      taken_timer_(worker.executor) {}

void WorkerExchange::start() {
    asio::post(worker_.executor, [self = shared_from_this()] { self->run(); });
}

void WorkerExchange::on_written(bool is_sent) {
    asio::post(worker_.executor, [self = shared_from_this(), is_sent] {
        self->is_taken_ = is_sent;
        self->taken_timer_.cancel();
    });
}

void WorkerExchange::on_cancelled() {
    asio::post(worker_.executor, [self = shared_from_this()] {
        self->is_cancelled_ = true;
        self->cancellation_.emit(asio::cancellation_type::terminal);
    });
}

void WorkerExchange::run() {
    using net::RequestBuilder;
    const bool is_anonymous = incoming_.authorization.empty() && incoming_.api_key.empty();
    if (!incoming_.authorization.empty())
        RequestBuilder::add_header(request_, "Authorization", incoming_.authorization);
    if (!incoming_.api_key.empty()) RequestBuilder::add_header(request_, "X-API-Key", incoming_.api_key);
    if (is_anonymous && !shared_.key.empty()) RequestBuilder::add_header(request_, "X-API-Key", shared_.key);
    if (!incoming_.user_agent.empty()) RequestBuilder::add_header(request_, "User-Agent", incoming_.user_agent);
    if (!incoming_.sdk.empty()) RequestBuilder::add_header(request_, "X-Fanion-SDK", incoming_.sdk);
    if (!incoming_.traceparent.empty()) RequestBuilder::add_header(request_, "traceparent", incoming_.traceparent);
    if (!incoming_.tracestate.empty()) RequestBuilder::add_header(request_, "tracestate", incoming_.tracestate);
    if (is_cancelled_) return finish({Code::cancelled});
    const auto rpc = methods()[incoming_.method].rpc;
    if (rpc != Rpc::event_stream && rpc != Rpc::sync_flags && rpc != Rpc::fetch_all_flags) {
        return finish(answer_at_once());
    }
    auto self = shared_from_this();
    auto done = [self](const std::exception_ptr& failure, Status status) {
        if (self->is_cancelled_) return self->finish({Code::cancelled});
        self->finish(failure ? self->failed(failure) : std::move(status));
    };
    auto running = run_waiting();
    asio::co_spawn(worker_.executor, std::move(running),
                   asio::bind_cancellation_slot(cancellation_.slot(), std::move(done)));
}

// What is thrown ends this call only, as it does over HTTP.
Status WorkerExchange::answer_at_once() {
    try {
        return answer();
    } catch (...) {
        return failed(std::current_exception());
    }
}

Status WorkerExchange::failed(const std::exception_ptr& failure) const {
    const auto* const method = methods()[incoming_.method].path;
    try {
        shared_.log.error("grpc_call_failed", {{"method", method}, {"error", text_of(failure)}});
    } catch (...) {  // there is no memory to say more
    }
    return {Code::internal, "the relay could not answer"};
}

Status WorkerExchange::answer() {
    const auto& method = methods()[incoming_.method];
    const auto rpc = method.rpc;
    if (rpc == Rpc::get_metadata) {
        const auto admission = admit(serve::Credential::server_key);
        if (admission) call_->write(metadata_message());
        return ended(ServeRoute::flagd_metadata, admission);
    }
    serve::EvaluationSpan span(worker_.services.tracing, std::string_view(method.path), request_);
    auto status = rpc == Rpc::resolve_all ? resolve_all() : resolve(rpc);
    span.end_call(static_cast<int>(status.code));
    return status;
}

Status WorkerExchange::resolve(Rpc rpc) {
    auto& services = worker_.services;
    constexpr auto route = ServeRoute::flagd_resolve;
    const auto admission = admit(serve::Credential::any_key);
    if (!admission) return ended(route, admission);
    const auto request = read_resolve_request(incoming_.message);
    if (!request) return ended(route, Outcome::parse_error, request.error().detail);
    json::Value context;
    if (auto status = read_context(request->context, context); status.code != Code::ok) {
        return ended(route, status.code == Code::data_loss ? Outcome::parse_error : Outcome::too_large, status.text);
    }
    serve::note_names(services, admission.caller, context);
    const UnixMillis now = services.clock.now();
    const auto evaluation = serve::evaluate_for(services, admission.caller, request->flag_key, context, now);
    if (evaluation.error != eval::ErrorCode::none) return refuse_missing_value(admission.caller, evaluation);
    if (evaluation.has_value() && !worker_.values.parse(evaluation.value))
        return {Code::internal, "a value is malformed"};
    const auto value = evaluation.has_value() ? worker_.values.root() : json::Value();
    auto response = resolve_response(rpc, evaluation, value, serve::stale_seconds(*admission.caller.environment, now));
    if (!response) return ended(route, Outcome::type_mismatch, serve::row_of(Outcome::type_mismatch).text);
    call_->write(std::move(*response));
    return ended(route, Outcome::ok, {});
}

Status WorkerExchange::refuse_missing_value(const serve::Caller& caller, const eval::Evaluation& evaluation) {
    const auto text = serve::failure_details(*caller.environment->ruleset, evaluation, worker_.services.details);
    return ended(ServeRoute::flagd_resolve, serve::outcome_of(evaluation.error), text);
}

Status WorkerExchange::resolve_all() {
    auto& services = worker_.services;
    constexpr auto route = ServeRoute::flagd_resolve_all;
    const auto admission = admit(serve::Credential::any_key);
    if (!admission) return ended(route, admission);
    const auto request = read_resolve_all_request(incoming_.message);
    if (!request) return ended(route, Outcome::parse_error, request.error().detail);
    json::Value context;
    if (auto status = read_context(request->context, context); status.code != Code::ok) {
        return ended(route, status.code == Code::data_loss ? Outcome::parse_error : Outcome::too_large, status.text);
    }
    const auto& caller = admission.caller;
    const auto& ruleset = *caller.environment->ruleset;
    serve::note_names(services, caller, context);
    const UnixMillis now = services.clock.now();
    const auto stale = serve::stale_seconds(*caller.environment, now);
    eval::Evaluator evaluator(ruleset, context, now);
    std::string response;
    for (std::size_t flag = 0; flag < ruleset.flag_count(); ++flag) {
        if (!serve::is_visible(caller, ruleset.flag_info(flag))) continue;
        const auto evaluation = serve::evaluate_for(services, caller, evaluator, flag);
        if (!evaluation.has_value() || !worker_.values.parse(evaluation.value)) continue;
        append_flag(response, evaluation, worker_.values.root(), stale);
    }
    call_->write(std::move(response));
    return ended(route, Outcome::ok, {});
}

// Not ok: data_loss, or resource_exhausted for a context that is too large.
Status WorkerExchange::read_context(std::string_view bytes, json::Value& context) {
    auto& text = worker_.context;
    text.clear();
    if (const auto read = append_json(text, bytes); !read) return {Code::data_loss, read.error().detail};
    if (text.size() > limits::context_bytes) {
        return {Code::resource_exhausted, std::string(serve::row_of(Outcome::too_large).text)};
    }
    auto& document = worker_.services.document;
    if (const auto parsed = document.parse(text); !parsed) {
        const bool is_size = parsed.error().code == Errc::too_large;
        return {is_size ? Code::resource_exhausted : Code::data_loss, describe(parsed.error())};
    }
    context = document.root();
    return {};
}

serve::Admission WorkerExchange::admit(serve::Credential credential) {
    return serve::admit(worker_.services, request_, credential, worker_.services.clock.now());
}

Status WorkerExchange::ended(ServeRoute route, const serve::Admission& admission) {
    return ended(route, admission.outcome, admission.text);
}

Status WorkerExchange::ended(ServeRoute route, Outcome outcome, std::string_view text) {
    worker_.services.metrics.count(route, outcome);
    return {code_of(outcome), outcome == Outcome::ok ? std::string() : std::string(text)};
}

void WorkerExchange::finish(Status status) {
    const auto call = std::move(call_);  // which keeps this exchange
    call->finish(std::move(status));
}

}  // namespace fanion::relay::grpc
