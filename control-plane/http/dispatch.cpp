#include "control-plane/http/dispatch.hpp"

#include <boost/asio/awaitable.hpp>

#include "common/telemetry/trace_log.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/http/problem.hpp"
#include "control-plane/http/request_span.hpp"
#include "control-plane/http/scim_form.hpp"

namespace fanion::cp::http {
namespace {

using boost::asio::awaitable;

Answer answer(const Gate& gate, Call& call, net::SseStream* stream) {
    if (call.route.permission != access::Permission::open) {
        auto known = co_await gate.authenticate(call);
        if (!known) co_return known.error();
        call.request.has_known_caller = true;
    }
    if (auto ok = check_path(call); !ok) co_return ok.error();
    if (auto ok = check_query(call); !ok) co_return ok.error();
    if (stream) co_return co_await call.route.stream(call, *stream);
    auto& tags = call.services.entity_tags;
    if (auto current = tags.respond(call)) co_return std::move(*current);
    auto response = co_await call.route.handler(call);
    if (response) tags.keep(call, *response);
    co_return response;
}

// docs/admin-api.md, "Rate limits".
void show_standing(net::Response& response, const quotas::Standing& standing) {
    response.set("RateLimit-Limit", std::to_string(standing.limit));
    response.set("RateLimit-Remaining", std::to_string(standing.remaining));
    response.set("RateLimit-Reset", std::to_string(standing.reset));
    if (!standing.is_admitted) response.set("Retry-After", std::to_string(standing.retry_after));
}

net::Response refusal(const Route& route, const Error& error, net::Request& request) {
    return is_scim(route) ? scim_problem(error, request) : problem(error, request);
}

awaitable<net::Response> respond_and_audit(const Gate& gate, Call& call, net::SseStream* stream) {
    auto answered = co_await answer(gate, call, stream);
    auto response = answered ? std::move(*answered) : refusal(call.route, answered.error(), call.request);
    if (is_scim(call.route) && !response.bytes().empty()) response.content_type = scim_media_type;
    if (call.standing) show_standing(response, *call.standing);
    if (response.status == 403) co_await gate.record_refusal(call);
    co_return response;
}

// Nothing for a bug: the HTTP session logs the exception and responds with 500.
std::optional<Error> error_of(const db::PgError& thrown) {
    if (thrown.is_unavailable() || thrown.is_serialization_failure()) {
        return Error{Errc::unavailable, "the database cannot be reached at the moment; try again", {}};
    }
    // Path, query and body were checked: this is for what a handler takes from elsewhere.
    if (thrown.is_bad_text()) return Error{Errc::invalid_input, "texts must be UTF-8 without U+0000", {}};
    return std::nullopt;
}

// `stream`: of a route that streams; else null.
awaitable<net::Response> run_route(const Gate& gate, const Route& route, Services& services, net::Request& request,
                                   net::SseStream* stream) {
    auto span = open_request_span(services, route, request, stream != nullptr);
    Call call{request, services, route, {}, {}, {}, false};
    call.place = span.place();
    std::optional<Error> failed;
    try {
        auto response = co_await respond_and_audit(gate, call, stream);
        note_response(span, call, response.status);
        co_return response;
    } catch (const db::PgError& thrown) {
        failed = error_of(thrown);
        if (!failed) span.fail("internal error");
        if (!failed) throw;
        services.log.warn(
            "admin_request_failed",
            {{"request_id", request.request_id()}, {"reason", thrown.what()}, telemetry::TraceField(request.trace)});
    } catch (...) {
        span.fail("internal error");
        throw;
    }
    auto response = refusal(route, *failed, request);
    note_response(span, call, response.status);
    co_return response;
}

}  // namespace

void add_routes(net::Router& router, std::span<const Route> routes, const Gate& gate, Services& services) {
    router.refuse_with(write_unrouted);
    for (const auto& route : routes) {
        if (route.stream) {
            auto handler = [&gate, &route, &services](net::Request& request, net::SseStream& stream) {
                return run_route(gate, route, services, request, &stream);
            };
            router.stream(route.method, route.pattern, std::move(handler));
            continue;
        }
        auto handler = [&gate, &route, &services](net::Request& request) {
            return run_route(gate, route, services, request, nullptr);
        };
        router.async(route.method, route.pattern, std::move(handler));
    }
}

}  // namespace fanion::cp::http
