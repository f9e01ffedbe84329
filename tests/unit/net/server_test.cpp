#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>

#include "common/net/task_group.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using test::HttpServer;
using test::RawHttp;

awaitable<Response> answer_later(Request& request) {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return json_response(std::string(request.path) + ":" + std::string(request.body));
}

awaitable<Response> large_later() {
    co_await sleep_for(std::chrono::milliseconds(1));
    co_return json_response(std::string(2'000'000, 'z'));
}

awaitable<Response> throw_later(Request&) {
    co_await sleep_for(std::chrono::milliseconds(1));
    throw std::runtime_error("a secret detail");
}

void add_server_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
    router.sync(Method::post, "/echo/{name}", [](Request& request, Response& response) {
        response.body = std::string(request.param("name")) + ":" + std::string(request.body);
    });
    router.sync(Method::options, "/hello", [](Request&, Response& response) { response = empty_response(204); });
    router.sync(Method::get, "/throw", [](Request&, Response&) { throw std::runtime_error("a secret detail"); });
    router.sync(Method::get, "/peer", [](Request& request, Response& response) { response.body = request.peer; });
    router.sync(Method::get, "/large", [](Request&, Response& response) { response.body.assign(5'000'000, 'x'); });
    router.sync(Method::get, "/shared", [](Request&, Response& response) {
        response.shared_body = std::make_shared<const std::string>(3'000'000, 'y');
    });
    router.async(Method::get, "/later/{n}", [](Request& request) { return answer_later(request); });
    router.async(Method::post, "/later", [](Request& request) { return answer_later(request); });
    router.sync_or_async(
        Method::get, "/perhaps/{n}",
        [](Request& request, Response& response) {
            if (request.param("n") == "throw") throw std::runtime_error("a secret detail");
            if (request.param("n") != "now") return Attempt::must_wait;
            response.body = "at once";
            return Attempt::answered;
        },
        [](Request& request) { return answer_later(request); });
    router.async(Method::get, "/large-later", [](Request&) { return large_later(); });
    router.async(Method::get, "/throw-later", [](Request& request) { return throw_later(request); });
}

std::string get_request(std::string_view target, std::string_view headers = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}

TEST_CASE("a connection serves one request after another") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(get_request("/hello"));
        const auto answer = client.receive();
        CHECK(answer.status == 200);
        CHECK(answer.body == "hello");
        CHECK(answer.header("X-Content-Type-Options") == "nosniff");
        CHECK(answer.header("Cache-Control") == "no-store");
        CHECK(answer.header("Connection").empty());
        CHECK(answer.header("Server").empty());
        CHECK(answer.header("Date").size() == 29);
    }
    client.send(get_request("/peer"));
    CHECK(client.receive().body == "127.0.0.1");
    CHECK(server->connections() == 1);
}

TEST_CASE("requests sent in one piece are answered in their order, waiting or not") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    std::string all;
    for (int i = 0; i < 50; ++i) {
        all += get_request("/later/" + std::to_string(i)) + get_request("/hello") + "POST /echo/" + std::to_string(i) +
               " HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
    }
    client.send(all);
    for (int i = 0; i < 50; ++i) {
        CHECK(client.receive().body == "/later/" + std::to_string(i) + ":");
        CHECK(client.receive().body == "hello");
        CHECK(client.receive().body == std::to_string(i) + ":abc");
    }
}

TEST_CASE("a handler that seldom waits answers in place or leaves it to the one that waits") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    client.send(get_request("/perhaps/now") + get_request("/perhaps/later") + get_request("/perhaps/throw") +
                get_request("/perhaps/now"));
    CHECK(client.receive().body == "at once");
    CHECK(client.receive().body == "/perhaps/later:");
    CHECK(client.receive().status == 500);
    CHECK(client.receive().body == "at once");
}

TEST_CASE("a request split at any byte is served") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    const std::string request =
        "POST /echo/a%20b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (std::size_t split = 1; split < request.size(); ++split) {
        client.send(request.substr(0, split));
        client.send(request.substr(split));
        REQUIRE(client.receive().body == "a b:abc");
    }
}

TEST_CASE("HEAD is answered without the body") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n" + get_request("/hello"));
    CHECK(client.receive(false).header("Content-Length") == "5");
    CHECK(client.receive().body == "hello");
}

TEST_CASE("OPTIONS reaches a route, other methods are told what there is") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    client.send("OPTIONS /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(client.receive().status == 204);
    client.send("BREW /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.receive();
    CHECK(answer.status == 405);
    CHECK(answer.header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(answer.header("Content-Type") == "application/problem+json");
    client.send(get_request("/nowhere", "X-Request-Id: mine\r\n"));
    CHECK(client.receive().body == R"({"type":"about:blank","title":"Not Found","status":404,)"
                                   R"("detail":"there is nothing at this path","request_id":"mine"})");
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection after the answer") {
    HttpServer server(add_server_routes);
    for (const auto& request :
         {get_request("/hello", "Connection: close\r\n"), std::string("GET /hello HTTP/1.0\r\n\r\n")}) {
        RawHttp client(server.port());
        client.send(request);
        const auto answer = client.receive();
        CHECK(answer.body == "hello");
        CHECK(answer.header("Connection") == "close");
        CHECK(client.is_closed_by_server());
    }
    RawHttp kept(server.port());
    for (int i = 0; i < 2; ++i) {
        kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(kept.receive().header("Connection") == "keep-alive");
    }
}

TEST_CASE("who waits for 100 Continue gets it once") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    client.send("POST /echo/x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("bo");
    client.send("dy");
    CHECK(client.receive().body == "x:body");
}

TEST_CASE("a handler that throws is a 500 without its words, logged and counted once") {
    int log_pipe[2];
    REQUIRE(::pipe(log_pipe) == 0);
    telemetry::Registry registry;
    {
        HttpServer server(add_server_routes, {.log_fd = log_pipe[1]});
        server->register_metrics(registry);
        RawHttp client(server.port());
        for (const auto* target : {"/throw", "/throw-later"}) {
            client.send(get_request(target, "X-Request-Id: r-7\r\n"));
            const auto answer = client.receive();
            CHECK(answer.status == 500);
            CHECK(answer.body.find("secret") == std::string::npos);
            CHECK(answer.body.find("\"request_id\":\"r-7\"") != std::string::npos);
        }
        client.send(get_request("/hello"));
        CHECK(client.receive().status == 200);
        const auto text = registry.text();
        CHECK(text.find("fanion_http_handler_exceptions_total{server=\"test\"} 2\n") != std::string::npos);
        CHECK(text.find("fanion_http_requests_total{server=\"test\",status=\"5xx\"} 2\n") != std::string::npos);
        CHECK(text.find("fanion_http_requests_total{server=\"test\",status=\"2xx\"} 1\n") != std::string::npos);
        CHECK(text.find("fanion_http_connections{server=\"test\"} 1\n") != std::string::npos);
    }
    ::close(log_pipe[1]);
    char log[4096];
    const std::string_view lines(log, static_cast<std::size_t>(::read(log_pipe[0], log, sizeof log)));
    ::close(log_pipe[0]);
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
    CHECK(lines.find(R"("event":"request_handler_failed","server":"test","route":"/throw","request_id":"r-7")") !=
          std::string_view::npos);
}

TEST_CASE("large answers reach a reader that starts late") {
    HttpServer server(add_server_routes);
    RawHttp client(server.port());
    client.send(get_request("/large-later") + get_request("/large") + get_request("/shared") + get_request("/hello"));
    CHECK(client.receive().body == std::string(2'000'000, 'z'));
    CHECK(client.receive().body == std::string(5'000'000, 'x'));
    CHECK(client.receive().body == std::string(3'000'000, 'y'));
    CHECK(client.receive().body == "hello");
}

TEST_CASE("the hook sees every answer with its route") {
    std::mutex mutex;
    std::vector<std::string> seen;
    const ResponseHook hook = [&](Request& request, Response& response, std::string_view pattern) {
        response.set("X-Request-Id", std::string(request.request_id()));
        std::lock_guard lock(mutex);
        seen.push_back(std::to_string(response.status) + " " + std::string(pattern));
    };
    HttpServer server(add_server_routes, {.hook = hook});
    RawHttp client(server.port());
    client.send(get_request("/hello", "X-Request-Id: q\r\n") + get_request("/later/1") + get_request("/nope") +
                "bad\r\n\r\n");
    CHECK(client.receive().header("X-Request-Id") == "q");
    for (int i = 0; i < 3; ++i) CHECK(client.receive().header("X-Request-Id").size() == 20);
    std::lock_guard lock(mutex);
    CHECK(seen == std::vector<std::string>{"200 /hello", "200 /later/{n}", "404 ", "400 "});
}

}  // namespace
