#include "common/net/http_client.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "common/net/sse_stream.hpp"
#include "common/net/task_group.hpp"
#include "scripted_server.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using boost::asio::io_context;
using std::chrono::milliseconds;
using test::HttpServer;
using test::run_coroutine;
using test::ScriptedServer;

awaitable<Response> events(SseStream& stream) {
    co_await stream.start();
    for (const auto* text : {"data: 1\n\n", "data: 2\n\n"}) {
        SharedBytes bytes = std::make_shared<const std::string>(text);
        co_await stream.send(std::move(bytes));
        co_await sleep_for(milliseconds(1));
    }
    co_return Response{};
}

awaitable<Response> silence(SseStream& stream) {
    co_await stream.start();
    co_await sleep_for(std::chrono::hours(1));
    co_return Response{};
}

void add_client_routes(Router& router) {
    router.sync(Method::post, "/api/echo", [](Request& request, Response& response) {
        response.body = request.body;
        response.set("X-Seen", std::string(request.header("X-Sent")));
    });
    router.sync(Method::get, "/api/large", [](Request&, Response& response) { response.body.assign(200'000, 'x'); });
    router.stream(Method::get, "/api/events", [](Request&, SseStream& stream) { return events(stream); });
    router.stream(Method::get, "/api/silence", [](Request&, SseStream& stream) { return silence(stream); });
}

HttpClient make_client(io_context& context, ClientConfig config) {
    auto client = HttpClient::make(context.get_executor(), std::move(config));
    REQUIRE(client);
    return std::move(*client);
}

ClientRequest get_of(std::string target) {
    return {.method = Method::get, .target = std::move(target), .headers = {}, .body = {}};
}

awaitable<std::string> read_all(HttpClient& client, std::string target) {
    auto request = get_of(std::move(target));
    auto stream = co_await client.open_stream(std::move(request));
    std::string out = stream ? std::to_string((*stream)->status()) + " " : stream.error().detail;
    while (stream) {
        const auto more = co_await (*stream)->read_some(out, std::chrono::seconds(60));
        if (!more) co_return out + "error";
        if (!*more) break;
    }
    co_return out;
}

awaitable<Result<bool>> read_with_little_patience(HttpClient& client) {
    auto request = get_of("/silence");
    auto stream = co_await client.open_stream(std::move(request));
    if (!stream) co_return stream.error();
    std::string out;
    co_return co_await (*stream)->read_some(out, milliseconds(20));
}

TEST_CASE("requests go over one kept connection") {
    HttpServer server(add_client_routes);
    io_context context;
    auto client = make_client(context, {.origin = server.origin() + "/api/"});
    for (int i = 0; i < 3; ++i) {
        ClientRequest request{.method = Method::post, .target = "/echo", .headers = {{"X-Sent", "s"}}, .body = "hello"};
        const auto response = run_coroutine(context, client.send(std::move(request)));
        REQUIRE(response);
        CHECK(response->status == 200);
        CHECK(response->body == "hello");
        CHECK(response->header("x-seen") == "s");
        CHECK(server->connections() == 1);
    }
    CHECK(run_coroutine(context, client.send(get_of("/large")))->body.size() == 200'000);
    CHECK(run_coroutine(context, client.send(get_of("/nowhere")))->status == 404);
}

TEST_CASE("a stream is read as it comes, up to its end") {
    HttpServer server(add_client_routes);
    io_context context;
    auto client = make_client(context, {.origin = server.origin() + "/api"});
    CHECK(run_coroutine(context, read_all(client, "/events")) == "200 data: 1\n\ndata: 2\n\n");
    CHECK(run_coroutine(context, read_all(client, "/large")) == "200 " + std::string(200'000, 'x'));
}

TEST_CASE("a silent stream ends the reader's patience") {
    HttpServer server(add_client_routes);
    io_context context;
    auto client = make_client(context, {.origin = server.origin() + "/api"});
    const auto more = run_coroutine(context, read_with_little_patience(client));
    REQUIRE_FALSE(more);
    CHECK(more.error().code == Errc::timed_out);
}

TEST_CASE("a body past the limit is refused") {
    HttpServer server(add_client_routes);
    io_context context;
    auto client = make_client(context, {.origin = server.origin() + "/api", .body_limit = 1000});
    CHECK(run_coroutine(context, client.send(get_of("/large"))).error().code == Errc::too_large);
}

TEST_CASE("a kept connection that the server closed is replaced") {
    constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    ScriptedServer server({{.answer = ok, .then_close = true}, {.answer = ok, .then_close = true}});
    io_context context;
    auto client = make_client(context, {.origin = server.origin()});
    CHECK(run_coroutine(context, client.send(get_of("/")))->body == "ok");
    server.wait_until_closed(1);
    ClientRequest post{.method = Method::post, .target = "/", .headers = {}, .body = "x"};
    CHECK(run_coroutine(context, client.send(std::move(post)))->body == "ok");
}

TEST_CASE("a kept connection that fails under the request is replaced when the request may be repeated") {
    constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    for (const auto method : {Method::get, Method::post}) {
        // The first connection answers one request and closes when the second one has come.
        ScriptedServer server({{.answer = ok, .then_read_and_close = true}, {.answer = ok, .then_close = true}});
        io_context context;
        auto client = make_client(context, {.origin = server.origin()});
        CHECK(run_coroutine(context, client.send(get_of("/")))->body == "ok");
        ClientRequest second{.method = method, .target = "/", .headers = {}, .body = {}};
        const auto response = run_coroutine(context, client.send(std::move(second)));
        if (method == Method::get) {
            REQUIRE(response);
            CHECK(response->body == "ok");
        } else {
            REQUIRE_FALSE(response);
            CHECK(response.error().code == Errc::network);
            run_coroutine(context, client.send(get_of("/")));
        }
    }
}

TEST_CASE("a server that says nothing is given up after the request's time") {
    ScriptedServer server({{.answer = "", .then_read_and_close = true}});
    io_context context;
    auto client = make_client(context, {.origin = server.origin(), .request_timeout = milliseconds(30)});
    const auto response = run_coroutine(context, client.send(get_of("/")));
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::timed_out);
}

TEST_CASE("no server is an error of the network") {
    io_context context;
    std::string origin;
    {
        HttpServer server(add_client_routes);
        origin = server.origin();
    }
    auto client = make_client(context, {.origin = origin});
    CHECK(run_coroutine(context, client.send(get_of("/"))).error().code == Errc::network);
    auto nameless = make_client(context, {.origin = "http://name.invalid"});
    CHECK_FALSE(run_coroutine(context, nameless.send(get_of("/"))));
}

TEST_CASE("targets and headers cannot break the request") {
    io_context context;
    auto client = make_client(context, {.origin = "http://127.0.0.1:1"});
    for (const auto* target : {"", "x", "/a b", "/a\r\nX: y"}) {
        CHECK(run_coroutine(context, client.send(get_of(target))).error().code == Errc::invalid_input);
    }
    ClientRequest request = get_of("/");
    request.headers = {{"X", "a\r\nY: b"}};
    CHECK(run_coroutine(context, client.send(std::move(request))).error().code == Errc::invalid_input);
}

TEST_CASE("an exchange may outlive its client") {
    HttpServer server(add_client_routes);
    io_context context;
    auto sending = make_client(context, {.origin = server.origin() + "/api"}).send(get_of("/large"));
    CHECK(run_coroutine(context, std::move(sending))->body.size() == 200'000);
}

}  // namespace
