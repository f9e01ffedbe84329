#include "common/net/client_span.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using telemetry::TracePlace;

const TracePlace nowhere;
constexpr std::string_view caller_text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

telemetry::TraceContext caller(bool is_sampled = true) {
    auto context = telemetry::parse_traceparent(caller_text).value();
    context.sampled = is_sampled;
    return context;
}

std::string header_of(const ClientRequest& request) {
    for (const auto& [name, value] : request.headers) {
        if (name == "traceparent") return value;
    }
    return "";
}

std::map<std::string, std::string> attributes_of(const telemetry::Span& span) {
    std::map<std::string, std::string> found;
    for (const auto& [key, value] : span.attributes) {
        const auto* text = std::get_if<std::string>(&value);
        found[key] = text ? *text : std::to_string(std::get<std::int64_t>(value));
    }
    return found;
}

ClientRequest secret_request(TracePlace place) {
    ClientRequest request{
        .method = Method::post, .target = "/hook/secret?token=secret", .headers = {}, .body = "secret"};
    request.headers = {{"Authorization", "Bearer secret"}};
    request.trace = {place, {{"fanion.purpose", "webhook"}}};
    return request;
}

const Origin hooks = parse_origin("https://hooks.example/prefix-secret").value();

TEST_CASE("a request goes out as a child of what it is made for, and shows nothing of its path") {
    telemetry::Tracer tracer;
    auto request = secret_request({&tracer, caller()});
    auto span = open_client_span(hooks, request);
    note_outcome(span, 204);
    span.end();
    const auto spans = tracer.take(2);
    REQUIRE(spans.size() == 1);
    const auto& one = spans.front();
    CHECK((one.name == "POST" && one.kind == telemetry::SpanKind::client && !one.has_failed));
    CHECK((one.context.trace == caller().trace && one.parent == caller().span && one.context.span != one.parent));
    CHECK(header_of(request) == telemetry::format_traceparent(one.context));
    const std::map<std::string, std::string> expected{{"http.request.method", "POST"},
                                                      {"http.response.status_code", "204"},
                                                      {"server.address", "hooks.example"},
                                                      {"server.port", "443"},
                                                      {"url.scheme", "https"},
                                                      {"fanion.purpose", "webhook"}};
    CHECK(attributes_of(one) == expected);
    CHECK(telemetry::to_otlp_json({}, spans).find("secret") == std::string::npos);
}

TEST_CASE("what is not recorded is passed on as it is") {
    telemetry::Tracer tracer;
    for (const auto& place :
         {TracePlace{&tracer, caller(false)}, TracePlace{nullptr, caller(false)}, TracePlace{nullptr, caller()}}) {
        auto request = secret_request(place);
        CHECK_FALSE(open_client_span(hooks, request));
        CHECK(header_of(request) == telemetry::format_traceparent(place.context));
    }
    auto request = secret_request(nowhere);
    CHECK_FALSE(open_client_span(hooks, request));
    CHECK(header_of(request).empty());
    CHECK(tracer.queued() == 0);
}

TEST_CASE("work that nobody asked for begins traces of its own") {
    telemetry::Tracer tracer;
    auto request = secret_request(telemetry::new_trace({&tracer, telemetry::TraceSampler(1)}));
    open_client_span(hooks, request).end();
    auto other = secret_request(telemetry::new_trace({&tracer, telemetry::TraceSampler(1)}));
    open_client_span(hooks, other).end();
    const auto spans = tracer.take(3);
    REQUIRE(spans.size() == 2);
    CHECK((spans[0].parent == 0 && spans[1].parent == 0));
    CHECK_FALSE(spans[0].context.trace == spans[1].context.trace);
    CHECK(header_of(request) == telemetry::format_traceparent(spans[0].context));

    auto unsampled = secret_request(telemetry::new_trace({&tracer, telemetry::TraceSampler(0)}));
    CHECK_FALSE(open_client_span(hooks, unsampled));
    const auto context = telemetry::parse_traceparent(header_of(unsampled));
    REQUIRE(context);
    CHECK_FALSE(context->sampled);
    CHECK_FALSE(telemetry::new_trace({}).context.trace.is_set());
}

void show_trace(Request& request, Response& response) {
    response.status = 503;
    response.set("X-Seen", std::string(request.header("traceparent")));
}

HttpClient make_client(boost::asio::io_context& context, std::string origin) {
    return HttpClient::make(context.get_executor(), {.origin = std::move(origin)}).value();
}

TEST_CASE("both ways of sending say the trace, and a status of 400 and above is a failure") {
    telemetry::Tracer tracer;
    const test::HttpServer server([](Router& router) { router.sync(Method::get, "/a", show_trace); });
    boost::asio::io_context context;
    auto client = make_client(context, server.origin());
    const auto request = [&] {
        ClientRequest made{.target = "/a"};
        made.trace.place = {&tracer, caller()};
        return made;
    };
    const auto check = [&](unsigned status, std::string_view seen) {
        const auto spans = tracer.take(2);
        REQUIRE(spans.size() == 1);
        CHECK(status == 503);
        CHECK(spans[0].has_failed);
        CHECK(attributes_of(spans[0])["error.type"] == "503");
        CHECK(seen == telemetry::format_traceparent(spans[0].context));
    };
    const auto response = test::run_coroutine(context, client.send(request()));
    REQUIRE(response);
    check(response->status, response->header("X-Seen"));
    const auto stream = test::run_coroutine(context, client.open_stream(request()));
    REQUIRE(stream);
    check((*stream)->status(), (*stream)->header("X-Seen"));
}

TEST_CASE("a server that cannot be reached is a failure by its kind") {
    telemetry::Tracer tracer;
    boost::asio::io_context context;
    auto client = make_client(context, "http://127.0.0.1:1");
    for (const bool is_stream : {false, true}) {
        ClientRequest request{.target = "/a"};
        request.trace.place = {&tracer, caller()};
        if (is_stream) CHECK_FALSE(test::run_coroutine(context, client.open_stream(std::move(request))));
        if (!is_stream) CHECK_FALSE(test::run_coroutine(context, client.send(std::move(request))));
        const auto spans = tracer.take(2);
        REQUIRE(spans.size() == 1);
        CHECK(spans[0].has_failed);
        CHECK(attributes_of(spans[0])["error.type"] == "network");
    }
}

}  // namespace
