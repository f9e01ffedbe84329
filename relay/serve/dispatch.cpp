#include "relay/serve/dispatch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "common/net/media_type.hpp"
#include "common/net/websocket.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/ofrep_format.hpp"
#include "relay/serve/open_stream.hpp"

namespace fanion::relay::serve {
namespace asio = boost::asio;
namespace {

// An answer that the handler has written, not a refusal.
bool is_answer(Outcome outcome) noexcept {
    return outcome == Outcome::ok || outcome == Outcome::not_modified || outcome == Outcome::accepted ||
           outcome == Outcome::no_content;
}

struct Exchange {
    WorkerDeps& services;
    const Route& route;
    net::Request& request;
    net::Response& response;
};

void write_refusal(const Exchange& exchange, Outcome outcome, std::string_view text, std::vector<Finding> findings) {
    const OutcomeRow& row = row_of(outcome);
    auto& response = exchange.response;
    switch (exchange.route.errors) {
        case ErrorForm::none:
            response.content_type = {};
            break;
        case ErrorForm::ofrep:
            response.body.clear();
            append_ofrep_failure(response.body, {.key = std::nullopt, .code = row.ofrep_code, .details = text});
            break;
        case ErrorForm::ofrep_flag:
            response.body.clear();
            append_ofrep_failure(response.body, {.key = exchange.request.param("key"),
                                                 .code = row.ofrep_code,
                                                 .details = text,
                                                 .repeat = row.status == 400});
            break;
        case ErrorForm::problem:
            response =
                net::problem(Error{row.errc, std::string(text), std::move(findings)}, exchange.request.request_id());
            break;
    }
    response.status = row.status;
}

void refuse(const Exchange& exchange, const Admission& admission) {
    write_refusal(exchange, admission.outcome, admission.text, {});
    auto& response = exchange.response;
    if (admission.outcome == Outcome::unauthorized) response.set("WWW-Authenticate", "Bearer");
    if (admission.retry_after > 0) {
        const auto seconds = std::max<UnixMillis>((admission.retry_after + 999) / 1000, 1);
        response.set("Retry-After", std::to_string(seconds));
    }
}

void count(const Exchange& exchange, Outcome outcome) {
    if (exchange.route.metric) exchange.services.metrics.count(*exchange.route.metric, outcome);
}

// What every answer has in common.
void finish(const Exchange& exchange, Outcome outcome, const Caller& caller) {
    count(exchange, outcome);
    if (caller.key && outcome != Outcome::unauthorized) exchange.request.has_known_caller = true;
    switch (exchange.route.cors) {
        case Cors::preflight:
        case Cors::stream_preflight:
            add_preflight(exchange.services, exchange.request, exchange.response,
                          exchange.route.cors == Cors::stream_preflight);
            break;
        case Cors::answer:
            add_cors(exchange.services, exchange.request, exchange.response, caller);
            break;
    }
}

using Handle = Handled (*)(const Call&);

Handled handle_decoded(const Exchange& exchange, Handle handle, const Caller& caller, UnixMillis now) {
    const auto& request = exchange.request;
    if (!request.body.empty() && !net::is_identity(request.header("Content-Encoding"))) {
        return Refusal{Outcome::encoded_body, std::string(row_of(Outcome::encoded_body).text)};
    }
    return handle({exchange.services, exchange.request, exchange.response, caller, now});
}

Outcome conclude(const Exchange& exchange, const Handled& handled) {
    if (handled) {
        exchange.response.status = row_of(*handled).status;
        return *handled;
    }
    Refusal refusal = handled.error();
    write_refusal(exchange, refusal.outcome, refusal.detail, std::move(refusal.findings));
    return refusal.outcome;
}

Outcome call_handler(const Exchange& exchange, Handle handle, const Caller& caller, UnixMillis now) {
    return conclude(exchange, handle_decoded(exchange, handle, caller, now));
}

void answer(const Exchange& exchange, Handle handle, const Admission& admission, UnixMillis now) {
    Outcome outcome = admission.outcome;
    EvaluationSpan span(exchange.services.tracing, exchange.route, exchange.request);
    if (admission) {
        outcome = call_handler(exchange, handle, admission.caller, now);
    } else {
        refuse(exchange, admission);
    }
    finish(exchange, outcome, admission.caller);
    span.end(exchange.response);
}

void answer_fixed(const Exchange& exchange, const FixedAnswer& fixed) {
    const UnixMillis now = exchange.services.clock.now();
    const Admission admission = admit(exchange.services, exchange.request, exchange.route.credential, now);
    if (admission) {
        fixed.write(exchange.response);
    } else {
        refuse(exchange, admission);
    }
    finish(exchange, admission.outcome, {});
}

void answer_now(const Exchange& exchange, Handle handle) {
    const UnixMillis now = exchange.services.clock.now();
    const Admission admission = admit(exchange.services, exchange.request, exchange.route.credential, now);
    answer(exchange, handle, admission, now);
}

net::Attempt try_to_answer(const Exchange& exchange, const WhenReady& handler) {
    const UnixMillis now = exchange.services.clock.now();
    const Admission admission = admit(exchange.services, exchange.request, exchange.route.credential, now);
    if (admission && !handler.is_ready(exchange.request, *admission.caller.environment)) return net::Attempt::must_wait;
    answer(exchange, handler.handle, admission, now);
    return net::Attempt::answered;
}

asio::awaitable<net::Response> answer_when_ready(WorkerDeps& services, const Route& route, const WhenReady& handler,
                                                 net::Request& request) {
    const auto deadline = std::chrono::steady_clock::now() + services.config.version_wait;
    for (;;) {
        const auto left = std::chrono::ceil<ChangeNotifier::Millis>(deadline - std::chrono::steady_clock::now());
        // Admitted again after each wait: keys and rulesets change meanwhile.
        const Admission admission = admit_again(services, request, route.credential, services.clock.now());
        if (!admission || left.count() <= 0 || handler.is_ready(request, *admission.caller.environment)) break;
        std::string env_id = admission.caller.environment->env_id;
        co_await services.notifier.wait_for_change(std::move(env_id), left);
        if (services.notifier.is_ending()) break;
    }
    net::Response response;
    const UnixMillis now = services.clock.now();
    const Admission admission = admit_again(services, request, route.credential, now);
    answer({services, route, request, response}, handler.handle, admission, now);
    co_return response;
}

asio::awaitable<net::Response> accept(WorkerDeps& services, const Route& route, const Accepting& handler,
                                      net::Request& request) {
    net::Response response;
    const Exchange exchange{services, route, request, response};
    const UnixMillis now = services.clock.now();
    const std::string named(handler.key_in_body(services, request));
    const Admission admission = named.empty() ? admit(services, request, route.credential, now)
                                              : admit_as(services, request, named, Credential::client_key, now);
    intake::Receipt receipt(services.executor);
    Outcome outcome = admission.outcome;
    if (admission) {
        outcome = conclude(exchange, handler.handle({services, request, response, admission.caller, now}, receipt));
        if (outcome == Outcome::overloaded) response.set("Retry-After", "2");
    } else {
        refuse(exchange, admission);
    }
    finish(exchange, outcome, admission.caller);  // the caller is a view of the serving state, which may change now
    co_await receipt.wait();
    co_return response;
}

// Streams and polls of rulesets are counted by who asks.
std::optional<std::string_view> sdk_of_stream(const Route& route, const net::Request& request) {
    return route.credential == Credential::rules_key ? std::optional(sdk_of(request)) : std::nullopt;
}

asio::awaitable<net::Response> answer_deferred(WorkerDeps& services, const Route& route, const Deferred& handler,
                                               net::Request& request) {
    net::Response response;
    const Exchange exchange{services, route, request, response};
    Admission admission = handler.is_stream ? admit_stream(services, request, route.credential)
                                            : admit(services, request, route.credential, services.clock.now());
    if (admission) {
        Subscriber subscriber = subscriber_of(request, admission.caller, services.clock.now());
        const Subscriber asking = subscriber;
        std::optional<OpenStream> open;
        if (handler.is_stream) open.emplace(services, subscriber.key_id, sdk_of_stream(route, request));
        admission = co_await handler.handle(services, request, response, std::move(subscriber));
        admission.caller = current_caller(services, asking);
    }
    if (is_answer(admission.outcome)) {
        response.status = row_of(admission.outcome).status;
    } else {
        refuse(exchange, admission);
    }
    finish(exchange, admission.outcome, admission.caller);
    co_return response;
}

asio::awaitable<net::Response> serve_stream(WorkerDeps& services, const Route& route, const Streaming& handler,
                                            net::Request& request, net::SseStream& stream) {
    net::Response response;  // sent only where the stream is refused
    const Exchange exchange{services, route, request, response};
    const Admission admission = stream.is_websocket() ? admit_websocket(services, request, route.credential)
                                                      : admit_stream(services, request, route.credential);
    // The caller is a view of the serving state, which changes while the stream runs.
    const Caller& caller = admission.caller;
    Subscriber subscriber;
    Admission prepared = admission;
    if (admission) {
        subscriber = subscriber_of(request, caller, services.clock.now());
        if (handler.prepare) prepared = handler.prepare(request, subscriber);
    }
    if (!prepared) {
        refuse(exchange, prepared);
        finish(exchange, prepared.outcome, caller);
        co_return response;
    }
    count(exchange, Outcome::ok);
    const OpenStream open(services, subscriber.key_id, sdk_of_stream(route, request));
    std::string headers = route.cors == Cors::answer ? cors_lines(request.header("Origin"), caller) : "";
    if (stream.is_websocket() && net::offers_protocol(request, stream_protocol))
        headers.append("Sec-WebSocket-Protocol: ").append(stream_protocol).append("\r\n");
    if (route.credential == Credential::relay_key) headers += "X-Accel-Buffering: no\r\n";
    const auto started = co_await stream.start(headers);
    if (!started) co_return response;
    co_await handler.run(services, stream, std::move(subscriber));
    co_return response;
}

}  // namespace

void add_route(net::Router& router, WorkerDeps& services, const Route& route) {
    using net::Request;
    using net::Response;
    auto* const s = &services;
    auto* const r = &route;
    if (const auto* fixed = std::get_if<FixedAnswer>(&route.handler)) {
        router.sync(route.method, route.pattern, [s, r, fixed](Request& request, Response& response) {
            answer_fixed({*s, *r, request, response}, *fixed);
        });
    } else if (const auto* immediate = std::get_if<Immediate>(&route.handler)) {
        router.sync(route.method, route.pattern,
                    [s, r, handle = immediate->handle](Request& request, Response& response) {
                        answer_now({*s, *r, request, response}, handle);
                    });
    } else if (const auto* when_ready = std::get_if<WhenReady>(&route.handler)) {
        router.sync_or_async(
            route.method, route.pattern,
            [s, r, when_ready](Request& request, Response& response) {
                return try_to_answer({*s, *r, request, response}, *when_ready);
            },
            [s, r, when_ready](Request& request) { return answer_when_ready(*s, *r, *when_ready, request); });
    } else if (const auto* deferred = std::get_if<Deferred>(&route.handler)) {
        router.async(route.method, route.pattern,
                     [s, r, deferred](Request& request) { return answer_deferred(*s, *r, *deferred, request); });
    } else if (const auto* accepting = std::get_if<Accepting>(&route.handler)) {
        router.async(route.method, route.pattern,
                     [s, r, accepting](Request& request) { return accept(*s, *r, *accepting, request); });
    } else if (const auto* streaming = std::get_if<Streaming>(&route.handler)) {
        router.stream(
            route.method, route.pattern,
            [s, r, streaming](Request& request, net::SseStream& stream) {
                return serve_stream(*s, *r, *streaming, request, stream);
            },
            streaming->or_websocket);
    }
}

}  // namespace fanion::relay::serve
