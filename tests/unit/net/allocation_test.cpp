// A warm keep-alive connection serves a synchronous route without allocating. Counts every operator new of the process,
// so the client side of this test allocates nothing either.
#include <catch2/catch.hpp>

#include "common/base/ids.hpp"
#include "tests/support/counted_heap.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"

namespace {

using namespace fanion::net;
using fanion::test::HttpServer;
using fanion::test::RawHttp;

constexpr std::string_view request =
    "POST /evaluate/checkout?trace=0 HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: test\r\n"
    "Authorization: Bearer fan_srv_0123456789abcdefghijklmnopqrstuvwxyzABCDEF\r\nContent-Type: application/json\r\n"
    "Content-Length: 30\r\n\r\n{\"context\":{\"targetingKey\":1}} ";

void exchange(RawHttp& client, std::size_t answer_size) {
    char bytes[4096];
    client.send(request.substr(0, request.size() - 1));
    for (std::size_t received = 0; received < answer_size;) {
        received += client.socket().receive(boost::asio::buffer(bytes));
    }
}

TEST_CASE("a warm connection serves a synchronous route without an allocation") {
    HttpServer server([](Router& router) {
        router.sync(Method::post, "/evaluate/{key}", [](Request& incoming, Response& response) {
            response.body = "{\"key\":\"";
            response.body += incoming.param("key");
            response.body += "\",\"credential\":\"";
            response.body += incoming.credential(fanion::has_api_key_form);
            response.body += "\"}";
        });
    });
    RawHttp client(server.port());
    client.send(request.substr(0, request.size() - 1));
    const auto answer = client.receive();
    REQUIRE(answer.status == 200);
    const auto answer_size = answer.head.size() + answer.body.size();
    for (int i = 0; i < 100; ++i) exchange(client, answer_size);

    const auto before = fanion::test::heap_uses();
    for (int i = 0; i < 1000; ++i) exchange(client, answer_size);
    // The server's coarse timer turns and its date changes once a second meanwhile: a handful in all, not one a request.
    CHECK(fanion::test::heap_uses() - before < 20);
}

}  // namespace
