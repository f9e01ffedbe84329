#include "relay/serve/routes.hpp"

#include "common/net/sse_stream.hpp"
#include "relay/serve/cors.hpp"
#include "relay/serve/evaluate_api.hpp"
#include "relay/serve/event_stream.hpp"
#include "relay/serve/ofrep_api.hpp"
#include "relay/serve/ofrep_format.hpp"

namespace fanion::relay::serve {
namespace {

using net::Method;
using net::Request;
using net::Response;
using Handler = void (*)(WorkerDeps&, Request&, Response&);

// Gone from the protocol; clients that still ask are told so in a form they read.
void handle_removed_configuration(WorkerDeps&, Request&, Response& response) {
    response.status = 404;
    append_ofrep_failure(
        response.body,
        {.key = std::nullopt, .code = "GENERAL", .details = "OFREP has no configuration endpoint any more"});
}

void answer_preflight(WorkerDeps& services, Request& request, Response& response) {
    handle_preflight(services, request, response);
}

struct Entry {
    Method method;
    std::string_view pattern;
    Handler handler;
};

// The first group takes a server or client key; the second none.
constexpr Entry entries[] = {
    {Method::post, "/ofrep/v1/evaluate/flags/{key}", handle_ofrep_single},
    {Method::post, "/api/v1/evaluate/{key}", handle_evaluate_single},
    {Method::post, "/api/v1/evaluate", handle_evaluate_bulk},
    {Method::get, "/evaluate/{key}", handle_evaluate_line},
    {Method::post, "/api/v1/explain/{key}", handle_explain},  // server keys only

    {Method::options, "/ofrep/v1/evaluate/flags/{key}", answer_preflight},
    {Method::options, "/ofrep/v1/evaluate/flags", answer_preflight},
    {Method::options, "/ofrep/v1/evaluate/flags/", answer_preflight},
    {Method::options, "/api/v1/evaluate/{key}", answer_preflight},
    {Method::options, "/api/v1/evaluate", answer_preflight},
    {Method::get, "/ofrep/v1/configuration", handle_removed_configuration},
};

}  // namespace

void add_routes(net::Router& router, WorkerDeps& services) {
    auto* const s = &services;
    for (const auto& [method, pattern, handler] : entries) {
        router.sync(method, pattern,
                    [s, h = handler](Request& request, Response& response) { h(*s, request, response); });
    }
    for (const auto* pattern : {"/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/"}) {
        router.sync_or_async(
            Method::post, pattern,
            [s](Request& request, Response& response) { return handle_ofrep_bulk(*s, request, response); },
            [s](Request& request) { return handle_ofrep_bulk_waiting(*s, request); });
    }
    // The token in the query says who asks.
    router.stream(Method::get, "/ofrep/v1/stream",
                  [s](Request& request, net::SseStream& stream) { return handle_event_stream(*s, request, stream); });
}

}  // namespace fanion::relay::serve
