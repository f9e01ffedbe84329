// Event streams over TLS: what holds for them over TCP (sse_stream_test.cpp) holds here.
#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "common/base/file.hpp"
#include "common/net/sse_stream.hpp"
#include "common/net/task_group.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_tls.hpp"
#include "tests/unit/net/stream_handlers.hpp"
#include "tests/unit/net/websocket_frames.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using std::chrono::milliseconds;
using test::Authority;
using test::Ending;
using test::flood;
using test::HttpServer;
using test::RawTls;

awaitable<Response> send_two(SseStream& stream, bool is_whole) {
    co_await stream.start("", "text/csv", BodyEnd::finish);
    for (const auto* part : {"a,b\r\n", "1,2\r\n"}) {
        SharedBytes bytes = std::make_shared<const std::string>(part);
        co_await stream.send(std::move(bytes));
    }
    if (is_whole) co_await stream.finish();
    co_return Response{};
}

awaitable<Response> send_event(SseStream& stream) {
    co_await stream.start();
    SharedBytes bytes = std::make_shared<const std::string>("data: 1\n\n");
    co_await stream.send(std::move(bytes));
    co_return Response{};
}

awaitable<Response> wait_long(SseStream& stream, Ending& ending) {
    co_await stream.start();
    ++ending.begun;
    co_await sleep_for(std::chrono::hours(1));
    ending.done = true;
    co_return Response{};
}

std::function<void(Router&)> routes_with(Ending& ending) {
    return [&ending](Router& router) {
        router.stream(Method::get, "/whole", [](Request&, SseStream& stream) { return send_two(stream, true); });
        router.stream(Method::get, "/part", [](Request&, SseStream& stream) { return send_two(stream, false); });
        router.stream(Method::get, "/event", [](Request&, SseStream& stream) { return send_event(stream); });
        router.stream(
            Method::get, "/socket", [](Request&, SseStream& stream) { return send_event(stream); }, true);
        router.stream(Method::get, "/long", [&](Request&, SseStream& stream) { return wait_long(stream, ending); });
        router.stream(Method::get, "/flood", [&](Request&, SseStream& stream) { return flood(stream, ending); });
    };
}

struct Rig {
    explicit Rig(ServerLimits limits = {})
        : server(routes_with(ending),
                 {.limits = limits, .tls = ServerTls::load({authority.issue("server"), ""}).value()}) {}

    std::unique_ptr<RawTls> open(const std::string& path) {
        auto client = std::make_unique<RawTls>(server.port(), tls);
        REQUIRE_FALSE(client->handshake());
        client->send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return client;
    }
    void await_done() {
        test::eventually("the handler has ended", [this] { return ending.done.load(); });
    }

    Authority authority;
    ClientTls tls = make_client_tls(authority.ca_file()).value();
    Ending ending;
    HttpServer server;
};

TEST_CASE("a stream that is complete ends with a closing alert, one that is not without") {
    Rig rig;
    const auto whole = rig.open("/whole");
    CHECK(whole->receive_all().ends_with("a,b\r\n\r\n5\r\n1,2\r\n\r\n0\r\n\r\n"));
    CHECK(whole->ending() == boost::asio::error::eof);
    const auto event = rig.open("/event");
    CHECK(event->receive_all().ends_with("data: 1\n\n"));
    CHECK(event->ending() == boost::asio::error::eof);
    const auto part = rig.open("/part");
    part->receive_all();
    CHECK(part->ending() != boost::asio::error::eof);
}

TEST_CASE("a WebSocket over TLS has its closing frame before the closing alert") {
    Rig rig;
    RawTls client(rig.server.port(), rig.tls);
    REQUIRE_FALSE(client.handshake());
    client.send(test::websocket_request("/socket"));
    CHECK(client.receive_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
    CHECK(client.receive_all() ==
          "\x81\x09"
          "data: 1\n\n" +
              test::server_close(1001));
    CHECK(client.ending() == boost::asio::error::eof);
}

TEST_CASE("a client over TLS that reads nothing is cut off in time") {
    ServerLimits limits;
    limits.write_timeout = milliseconds(100);
    Rig rig(limits);
    const auto client = rig.open("/flood");
    rig.await_done();
    CHECK(rig.ending.error == Errc::timed_out);
    client->receive_all();
    CHECK(client->ending() != boost::asio::error::eof);  // it must not take this for the end
}

TEST_CASE("a stream over TLS notices that its client has gone") {
    for (const bool says_so : {true, false}) {
        Rig rig;
        const auto client = rig.open("/long");
        test::eventually("the stream has begun", [&] { return rig.ending.begun == 1; });
        if (says_so) client->finish();
        if (!says_so) client->socket().close();
        rig.await_done();
    }
}

TEST_CASE("what a client sends during a stream is discarded") {
    Rig rig;
    const auto client = rig.open("/long");
    test::eventually("the stream has begun", [&] { return rig.ending.begun == 1; });
    client->send(std::string(300'000, 'x'));
    client->finish();
    rig.await_done();
}

// The clients are in this process too: each is destroyed without a word once its stream has begun, and a second descriptor
// keeps its connection.
TEST_CASE("a stream over TLS takes at most 24 KiB of memory while it waits") {
    constexpr int streams = 100;
    Rig rig;
    std::vector<UniqueFd> connections;
    const auto open = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const auto client = rig.open("/long");
            client->receive_until("\r\n\r\n");
            connections.emplace_back(::dup(client->socket().native_handle()));
        }
    };
    open(20);  // what the first ones allocate for all
    const auto before = ::mallinfo2().uordblks;
    open(streams);
    const auto taken = (::mallinfo2().uordblks - before) / streams;
    INFO("bytes of a stream: " << taken);
    CHECK(taken < 24 * 1024);
    CHECK_FALSE(rig.ending.done);
}

}  // namespace
