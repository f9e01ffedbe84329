#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include "common/net/task_group.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using test::HttpServer;
using test::RawHttp;

// Holds a handler until the test lets it go, and tells how it ended.
struct Gate {
    std::atomic<bool> entered{false};
    std::atomic<bool> open{false};
    std::atomic<bool> cancelled{false};
};

// A cut ends the present wait, or, when it comes between two waits, makes the next one throw.
awaitable<Response> wait_at(Gate& gate) {
    gate.entered = true;
    try {
        while (!gate.open) {
            const bool slept = co_await sleep_for(std::chrono::milliseconds(1));
            if (slept) continue;
            gate.cancelled = true;
            break;
        }
    } catch (const boost::system::system_error&) {
        gate.cancelled = true;
        throw;
    }
    co_return json_response("through");
}

std::function<void(Router&)> routes_with(Gate& gate) {
    return [&gate](Router& router) {
        router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
        router.async(Method::get, "/gate", [&gate](Request&) { return wait_at(gate); });
    };
}

constexpr std::string_view hello_at_gate = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view through_gate = "GET /gate HTTP/1.1\r\nHost: h\r\n\r\n";

void await_entered(const Gate& gate) {
    test::eventually("the handler is entered", [&gate] { return gate.entered.load(); });
}

TEST_CASE("a wait for what never comes ends, and says for what") {
    const auto never = [] { return false; };
    CHECK_THROWS_WITH(test::eventually("the sun rises twice", never, std::chrono::milliseconds(5)),
                      "timed out waiting until the sun rises twice");
}

TEST_CASE("drain lets what runs finish, and tells the busy to close") {
    Gate gate;
    ServerLimits limits;
    limits.drain_grace = std::chrono::hours(1);
    HttpServer server(routes_with(gate), {.limits = limits});
    RawHttp running(server.port());
    RawHttp busy(server.port());
    busy.send(hello_at_gate);
    CHECK(busy.receive().header("Connection").empty());
    running.send(through_gate);
    await_entered(gate);

    server->stop_accepting();
    server->drain();
    gate.open = true;
    const auto answer = running.receive();
    CHECK(answer.body == "through");
    CHECK(answer.header("Connection") == "close");
    busy.send(hello_at_gate);
    CHECK(busy.receive().header("Connection") == "close");
    for (auto* client : {&running, &busy}) CHECK(client->is_closed_by_server());
}

TEST_CASE("drain ends what is idle after its grace") {
    Gate gate;
    ServerLimits limits;
    limits.drain_grace = std::chrono::milliseconds(20);
    HttpServer server(routes_with(gate), {.limits = limits});
    RawHttp idle(server.port());
    idle.send(hello_at_gate);
    CHECK(idle.receive().header("Connection").empty());
    server->drain();
    CHECK(idle.is_closed_by_server());
}

TEST_CASE("a server that stopped accepting is not there for new connections") {
    Gate gate;
    HttpServer server(routes_with(gate));
    RawHttp old(server.port());
    old.send(hello_at_gate);
    CHECK(old.receive().status == 200);
    server->stop_accepting();
    old.send(hello_at_gate);  // its answer comes after the acceptor was closed: both are on the one worker
    CHECK(old.receive().status == 200);
    CHECK_THROWS(RawHttp(server.port()));
}

TEST_CASE("cut ends connections and cancels the handlers that wait") {
    Gate gate;
    HttpServer server(routes_with(gate));
    RawHttp client(server.port());
    client.send(through_gate);
    await_entered(gate);
    server->cut();
    CHECK(client.is_closed_by_server());
    test::eventually("the handler is cancelled", [&gate] { return gate.cancelled.load(); });
}

TEST_CASE("join returns when the last connection has ended, and says no at its limit") {
    Gate gate;
    ServerLimits limits;
    limits.linger_timeout = std::chrono::milliseconds(20);
    HttpServer server(routes_with(gate), {.limits = limits, .workers = 2});
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));  // none is open
    RawHttp running(server.port());
    running.send(through_gate);
    await_entered(gate);
    CHECK_FALSE(test::run_coroutine(server->join(std::chrono::milliseconds(1))));
    server->stop_accepting();
    server->drain();
    gate.open = true;  // the answer closes the connection, on its worker's thread
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));
    CHECK(server->connections() == 0);
}

// A handler that takes its time to end after its connection was cut.
awaitable<Response> end_late(Gate& gate) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    gate.entered = true;
    const bool slept = co_await sleep_for(std::chrono::hours(1));
    gate.cancelled = !slept;
    co_await boost::asio::this_coro::reset_cancellation_state();
    while (!gate.open) co_await sleep_for(std::chrono::milliseconds(1));
    co_return json_response("late");
}

TEST_CASE("join waits for handlers whose connection is gone") {
    Gate gate;
    HttpServer server(
        [&gate](Router& router) { router.async(Method::get, "/late", [&gate](Request&) { return end_late(gate); }); });
    RawHttp client(server.port());
    client.send("GET /late HTTP/1.1\r\nHost: h\r\n\r\n");
    await_entered(gate);
    server->cut();
    CHECK(client.is_closed_by_server());
    test::eventually("the handler is cancelled", [&gate] { return gate.cancelled.load(); });
    CHECK(server->connections() == 0);
    CHECK_FALSE(test::run_coroutine(server->join(std::chrono::milliseconds(20))));
    gate.open = true;
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));
}

TEST_CASE("join returns after the acceptors have stopped") {
    Gate gate;
    HttpServer server(routes_with(gate), {.workers = 3});
    server->stop_accepting();
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));
    CHECK_THROWS(RawHttp(server.port()));
}

TEST_CASE("a join that is abandoned leaves nothing behind that the last connection would wake") {
    Gate gate;
    HttpServer server(routes_with(gate));
    RawHttp running(server.port());
    running.send(through_gate);
    await_entered(gate);
    {
        boost::asio::io_context context;
        boost::asio::co_spawn(context, server->join(std::chrono::hours(1)), boost::asio::detached);
        context.poll();
    }
    server->cut();
    CHECK(running.is_closed_by_server());
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));
}

TEST_CASE("workers share one port") {
    Gate gate;
    HttpServer server(routes_with(gate), {.workers = 3});
    for (int i = 0; i < 30; ++i) {
        RawHttp client(server.port());
        client.send(hello_at_gate);
        CHECK(client.receive().status == 200);
    }
}

TEST_CASE("a port that is taken is an error that names it") {
    Gate gate;
    HttpServer server(routes_with(gate));
    Workers workers(1);
    ServerConfig config;
    config.port = server.port();
    const auto second = Server::listen(
        workers, config, [](unsigned) { return Router(); }, {}, Log());
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::unavailable);
    CHECK(second.error().detail.find("port " + std::to_string(config.port)) != std::string::npos);
    config.address = "nowhere";
    const auto third = Server::listen(
        workers, config, [](unsigned) { return Router(); }, {}, Log());
    REQUIRE_FALSE(third);
    CHECK(third.error().code == Errc::invalid_input);
}

TEST_CASE("a server may be stopped while handlers wait") {
    Gate gate;
    {
        HttpServer server(routes_with(gate));
        RawHttp client(server.port());
        client.send(through_gate);
        await_entered(gate);
    }
    CHECK_FALSE(gate.cancelled);  // its frame was destroyed, not resumed
}

}  // namespace
