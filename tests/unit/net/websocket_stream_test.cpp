// Streams that are served as WebSockets, over TCP.
#include <array>
#include <atomic>
#include <catch2/catch.hpp>

#include "common/net/sse_stream.hpp"
#include "common/net/task_group.hpp"
#include "common/net/websocket.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/unit/net/stream_handlers.hpp"
#include "tests/unit/net/websocket_frames.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using test::await_done;
using test::client_close;
using test::client_frame;
using test::Ending;
using test::flood;
using test::HttpServer;
using test::RawHttp;
using test::server_close;
using test::websocket_request;

awaitable<Response> send_three(SseStream& stream) {
    co_await stream.start("X-Extra: 1\r\n");
    for (const std::size_t size : {std::size_t{1}, std::size_t{300}, std::size_t{70'000}}) {
        SharedBytes bytes = std::make_shared<const std::string>(size, 'e');
        co_await stream.send(std::move(bytes));
    }
    stream.set_end(StreamEnd::unauthorized);
    co_return Response{};
}

awaitable<Response> wait_long(SseStream& stream, Ending& ending) {
    const auto started = co_await stream.start();
    if (started) {
        const bool slept = co_await sleep_for(std::chrono::hours(1));
        ending.cancelled = !slept;
    }
    ending.done = true;
    co_return Response{};
}

awaitable<Response> fail(SseStream& stream) {
    co_await stream.start();
    throw std::runtime_error("broken");
}

awaitable<Response> refuse(Request& request) {
    Error error{Errc::unauthenticated, "no key"};
    co_return problem(error, request.request_id());
}

std::function<void(Router&)> routes_with(Ending& ending) {
    return [&ending](Router& router) {
        const auto add = [&router](std::string_view path, StreamHandler handler) {
            router.stream(Method::get, path, std::move(handler), true);
        };
        add("/three", [](Request&, SseStream& stream) { return send_three(stream); });
        add("/long", [&](Request&, SseStream& stream) { return wait_long(stream, ending); });
        add("/flood", [&](Request&, SseStream& stream) { return flood(stream, ending); });
        add("/fail", [](Request&, SseStream& stream) { return fail(stream); });
        add("/refuse", [](Request& request, SseStream&) { return refuse(request); });
        router.stream(Method::get, "/events", [](Request&, SseStream& stream) { return send_three(stream); });
    };
}

std::string frame_of(std::size_t size) {
    std::string frame;
    append_frame_header(frame, FrameType::text, size);
    return frame + std::string(size, 'e');
}

// A WebSocket that is open.
struct Opened : RawHttp {
    Opened(std::uint16_t port, std::string_view target) : RawHttp(port) {
        send(websocket_request(target));
        head = receive_until("\r\n\r\n");
    }
    std::string head;
};

}  // namespace

TEST_CASE("each event is one message, and the end has a reason") {
    Ending ending;
    HttpServer server(routes_with(ending));
    Opened client(server.port(), "/three");
    CHECK(client.head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    for (const auto* line : {"Upgrade: websocket\r\n", "Connection: Upgrade\r\n", "X-Extra: 1\r\n"}) {
        CHECK(client.head.find(line) != std::string::npos);
    }
    CHECK(client.head.find("Sec-WebSocket-Accept: " + std::string(test::websocket_accepted)) != std::string::npos);
    CHECK(client.head.find("\r\nContent-") == std::string::npos);
    CHECK(client.receive_all() == frame_of(1) + frame_of(300) + frame_of(70'000) + server_close(4401));
}

TEST_CASE("a request for a WebSocket that is wrong is refused, and the connection stays") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(websocket_request("/long", "", "8"));
    const auto answer = client.receive();
    CHECK(answer.status == 426);
    CHECK(answer.header("Sec-WebSocket-Version") == "13");
    CHECK(answer.header("Upgrade") == "websocket");
    client.send(websocket_request("/long", "", "13", "short"));
    CHECK(client.receive().status == 400);
    client.send(websocket_request("/refuse"));
    CHECK(client.receive().status == 401);
}

TEST_CASE("an upgrade is ignored where there is none: on other routes, of HEAD and in HTTP/1.0") {
    Ending ending;
    HttpServer server(routes_with(ending));
    Opened events(server.port(), "/events");
    CHECK(events.head.starts_with("HTTP/1.1 200 OK\r\n"));
    for (const auto& [from, to] : {std::pair("GET", "HEAD"), std::pair("HTTP/1.1", "HTTP/1.0")}) {
        auto request = websocket_request("/three");
        request.replace(request.find(from), std::string_view(from).size(), to);
        RawHttp client(server.port());
        client.send(request);
        CHECK(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    }
}

TEST_CASE("pings are answered, and a client's end is answered and ends the handler") {
    Ending ending;
    HttpServer server(routes_with(ending));
    Opened client(server.port(), "/long");
    client.send(client_frame(0x89, "hello") + client_frame(0x81, "data") + client_frame(0x89, ""));
    CHECK(client.receive_until(std::string_view("\x8a\x00", 2)) == std::string("\x8a\x05hello\x8a\x00", 9));
    client.send(client_close(1000));
    client.finish_sending();
    CHECK(client.receive_all() == server_close(1000));
    await_done(ending);
    CHECK(ending.cancelled);
}

TEST_CASE("what comes behind the request belongs to the WebSocket") {
    Ending ending;
    HttpServer server(routes_with(ending));
    RawHttp client(server.port());
    client.send(websocket_request("/long") + client_frame(0x89, "early") + client_frame(0x88, ""));
    client.receive_until("\r\n\r\n");
    CHECK(client.receive_all() == std::string("\x88\x00", 2));
    await_done(ending);
}

TEST_CASE("a client that breaks the protocol is told so and loses the connection") {
    Ending ending;
    HttpServer server(routes_with(ending));
    const std::array cases{std::pair(std::string("\x81\x05hello"), 1002u), std::pair(client_frame(0x83, "x"), 1002u),
                           std::pair(client_frame(0x81, std::string(5000, 'x')), 1009u),
                           std::pair(client_frame(0x82, "", std::uint64_t{1} << 40), 1009u)};
    for (const auto& [bytes, code] : cases) {
        Opened client(server.port(), "/long");
        client.send(bytes);
        CHECK(client.receive_all() == server_close(code));
        await_done(ending);
        ending.done = false;
    }
}

TEST_CASE("a handler that fails closes with 1011") {
    Ending ending;
    HttpServer server(routes_with(ending), {.log_fd = -1});
    Opened client(server.port(), "/fail");
    CHECK(client.receive_all() == server_close(1011));
}

TEST_CASE("a client that disconnects ends the handler") {
    Ending ending;
    HttpServer server(routes_with(ending));
    { Opened client(server.port(), "/long"); }
    await_done(ending);
    CHECK(ending.cancelled);
}

TEST_CASE("a client that reads nothing is cut, whatever it sends") {
    Ending ending;
    ServerLimits limits;
    limits.write_timeout = milliseconds(200);
    HttpServer server(routes_with(ending), {.limits = limits});
    RawHttp client(server.port());
    client.send(websocket_request("/flood"));
    for (int i = 0; i < 1000; ++i) client.send(client_frame(0x89, "ping"));
    await_done(ending);
    CHECK(ending.error == Errc::timed_out);
}

TEST_CASE("a client's end in the middle of a message is answered after it") {
    Ending ending;
    HttpServer server(routes_with(ending));
    Opened client(server.port(), "/flood");
    client.send(client_frame(0x89, "p") + client_close(1001));
    const auto received = client.receive_all();
    CHECK(received.ends_with(server_close(1001)));
    await_done(ending);
    CHECK(ending.error == Errc::network);
}
