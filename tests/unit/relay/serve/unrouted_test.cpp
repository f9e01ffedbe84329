#include "relay/serve/unrouted.hpp"

#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

const std::string origin = "https://app.example";

Answer asked(ServedRelay& relay, net::Method method, std::string target) {
    return relay.ask({.method = method, .target = std::move(target), .headers = {{"Origin", origin}}, .key = ""});
}

// A relay behind a real server, for what the HTTP layer refuses.
struct ListeningRelay {
    explicit ListeningRelay(net::ServerLimits limits)
        : server([this](net::Router& router) { relay::serve::add_routes(router, *relay.services); },
                 {.limits = limits}) {}

    RawAnswer answer_to(const std::string& bytes) {
        RawHttp client(server.port());
        client.send(bytes);
        return client.receive();
    }

    ServedRelay relay;
    HttpServer server;
};

std::string head(std::string_view target) {
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: h\r\nOrigin: " + origin + "\r\n";
}

std::string general(std::string_view key, std::string_view details) {
    std::string text = "{";
    if (!key.empty()) text += R"("key":")" + std::string(key) + R"(",)";
    return text + R"("errorCode":"GENERAL","errorDetails":")" + std::string(details) + R"(","metadata":{}})";
}

constexpr std::string_view single = "/ofrep/v1/evaluate/flags/basic";
constexpr std::string_view bulk = "/ofrep/v1/evaluate/flags";

}  // namespace

TEST_CASE("on OFREP's paths an unknown path, a wrong method and a bad escape have OFREP's form") {
    ServedRelay relay;
    const auto slash = asked(relay, net::Method::post, "/ofrep/v1/evaluate/flags/a/b%20c");
    CHECK(slash.status == 404);
    CHECK(slash.content_type == "application/json");
    CHECK(
        slash.body ==
        R"({"key":"a/b c","errorCode":"FLAG_NOT_FOUND","errorDetails":"there is nothing at this path","metadata":{}})");
    CHECK(slash.header("Access-Control-Allow-Origin") == origin);
    const auto unknown = asked(relay, net::Method::post, "/ofrep/v2/evaluate/flags");
    CHECK(unknown.status == 404);
    CHECK(unknown.body == general("", "there is nothing at this path"));
    const auto wrong = asked(relay, net::Method::get, std::string(single));
    CHECK(wrong.status == 405);
    CHECK(wrong.header("Allow") == "POST, OPTIONS");
    CHECK(wrong.body == general("basic", "this path does not have that method"));
    const auto escape = asked(relay, net::Method::post, "/ofrep/v1/evaluate/flags/a%zz");
    CHECK(escape.status == 400);
    CHECK(escape.body ==
          R"({"key":"a%zz","errorCode":"GENERAL","errorDetails":"{key} in the path contains a malformed )"
          R"(percent escape","metadata":{},"error_code":"GENERAL","error_details":"{key} in the path )"
          R"(contains a malformed percent escape"})");
    for (const auto* answer : {&unknown, &wrong, &escape}) {
        CHECK(answer->header("Access-Control-Allow-Origin") == origin);
    }
}

TEST_CASE("on other paths they are problems, which pages may read too") {
    ServedRelay relay;
    const auto answer = asked(relay, net::Method::post, "/api/v1/evaluate/a/b");
    CHECK(answer.status == 404);
    CHECK(answer.content_type == "application/problem+json");
    CHECK(answer.header("Access-Control-Allow-Origin") == origin);
}

TEST_CASE("a preflight of what no route answers is granted on OFREP's paths") {
    ServedRelay relay;
    const auto ask = [&relay](std::string target, std::vector<std::pair<std::string, std::string>> headers) {
        return relay.ask(
            {.method = net::Method::options, .target = std::move(target), .headers = std::move(headers), .key = ""});
    };
    for (const auto* target : {"/ofrep/v1/evaluate/flags/a/b", "/ofrep/v1/configuration"}) {
        const auto granted = ask(target, {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}});
        CHECK(granted.status == 204);
        CHECK(granted.header("Access-Control-Allow-Origin") == origin);
        CHECK(ask(target, {{"Origin", origin}}).status != 204);
    }
}

TEST_CASE("what the HTTP layer refuses has OFREP's form on OFREP's paths") {
    net::ServerLimits limits;
    limits.body_bytes = 1000;
    limits.header_bytes = 4096;
    limits.target_bytes = 1024;
    ListeningRelay relay(limits);
    const std::string junk(8192, 'x');
    struct Row {
        std::string bytes;
        unsigned status;
        std::string body;
    };
    const Row rows[] = {
        {head(single) + "Content-Length: 2000\r\n\r\n", 413,
         general("basic", "the request's body is larger than 1000 bytes")},
        {head(bulk) + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n", 413,
         general("", "the request's body is larger than 1000 bytes")},
        {head(std::string(bulk) + "/" + junk.substr(0, 2000)) + "\r\n", 414,
         general("", "the request target is too long")},
        {"POST " + std::string(bulk) + "/" + junk, 414, general("", "the request target is too long")},
        {head(single) + "X: " + junk, 431, general("basic", "the request's headers are too large")},
        {head(bulk) + "Expect: rain\r\n\r\n", 417, general("", "the only expectation that can be met is 100-continue")},
        {head(bulk) + "Content-Length: x\r\n\r\n", 400, general("", "Content-Length is not a number")},
    };
    for (const auto& row : rows) {
        const auto answer = relay.answer_to(row.bytes);
        CHECK(answer.status == row.status);
        CHECK(answer.header("Content-Type") == "application/json");
        CHECK(answer.body == row.body);
        // A page's request has its Origin before what is wrong, except where the target is.
        if (row.status != 414) CHECK(answer.header("Access-Control-Allow-Origin") == origin);
    }
}

TEST_CASE("what does not come in time has OFREP's form on OFREP's paths") {
    net::ServerLimits limits;
    limits.header_timeout = limits.body_timeout = std::chrono::milliseconds(50);
    ListeningRelay relay(limits);
    const auto headers = relay.answer_to(head(single));
    CHECK(headers.status == 408);
    CHECK(headers.body == general("basic", "the request's headers did not arrive in time"));
    CHECK(headers.header("Access-Control-Allow-Origin") == origin);
    const auto body = relay.answer_to(head(bulk) + "Content-Length: 5\r\n\r\nab");
    CHECK(body.status == 408);
    CHECK(body.body == general("", "the request's body did not arrive in time"));
    CHECK(body.header("Access-Control-Allow-Origin") == origin);
}
