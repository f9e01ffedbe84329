#include "common/net/response.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "common/net/response_format.hpp"
#include "tests/support/source_path.hpp"

namespace {

using namespace fanion::net;
using fanion::Errc;
using fanion::Error;

std::string head_of(const Response& response, const HeadOptions& options = {}) {
    std::string out;
    append_head(out, response, options);
    return out;
}

TEST_CASE("a plain answer's head") {
    CHECK(head_of(json_response("{}"), {.date = "Sun, 06 Nov 1994 08:49:37 GMT"}) ==
          "HTTP/1.1 200 OK\r\n"
          "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "Content-Type: application/json\r\n"
          "Content-Length: 2\r\n"
          "X-Content-Type-Options: nosniff\r\n"
          "Cache-Control: no-store\r\n\r\n");
}

TEST_CASE("answers without a body carry no length") {
    CHECK(head_of(empty_response(204)) ==
          "HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\n");
    CHECK(head_of(empty_response(304)).find("\r\nContent-") == std::string::npos);
    CHECK(head_of(empty_response(404)).find("Content-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("a handler's Cache-Control replaces no-store") {
    auto response = json_response("{}");
    response.set("cache-control", "max-age=60");
    const auto head = head_of(response);
    CHECK(head.find("cache-control: max-age=60\r\n") != std::string::npos);
    CHECK(head.find("no-store") == std::string::npos);
}

TEST_CASE("the connection's fate is said where it is not the version's default") {
    CHECK(head_of(json_response("{}"), {.keep_alive = false}).find("Connection: close\r\n") != std::string::npos);
    CHECK(head_of(json_response("{}"), {.http10 = true}).find("Connection: keep-alive\r\n") != std::string::npos);
    CHECK(head_of(json_response("{}")).find("Connection") == std::string::npos);
}

TEST_CASE("a line break in a value cannot begin another header") {
    auto response = json_response("{}");
    response.set("X-Note", "a\r\nSet-Cookie: b");
    CHECK(head_of(response).find("X-Note: aSet-Cookie: b\r\n") != std::string::npos);
}

TEST_CASE("shared bytes are measured in place of the body") {
    Response response;
    response.shared_body = std::make_shared<const std::string>(1000, 'x');
    CHECK(head_of(response).find("Content-Length: 1000\r\n") != std::string::npos);
}

TEST_CASE("a problem carries the findings") {
    const Error error{Errc::invalid_input, "the flag is \"wrong\"", {{"", "/rules/0", "unknown_type", "no such type"}}};
    const auto response = problem(error, "r1");
    CHECK(response.status == 400);
    CHECK(response.content_type == "application/problem+json");
    CHECK(response.body ==
          R"({"type":"about:blank","title":"Bad Request","status":400,"detail":"the flag is \"wrong\"",)"
          R"("errors":[{"pointer":"/rules/0","code":"unknown_type","detail":"no such type"}],"request_id":"r1"})");
}

TEST_CASE("the example problem is what the error makes of it") {
    std::ifstream file(fanion::test::source_path("proto-schemas/examples/problem.json"));
    std::string example;
    REQUIRE(std::getline(file, example));
    const Error error{Errc::unprocessable,
                      "the ruleset does not compile",
                      {{"flag/theme", "/rules/0/when/values/0", "bad_regex", "missing ): ("}}};
    CHECK(problem(error, "r_0123456789").body == example);
}

TEST_CASE("what is inside stays inside") {
    CHECK(problem(Error{Errc::internal, "relation \"flags\" does not exist"}, "r").body.find("relation") ==
          std::string::npos);
    CHECK(problem(Error{Errc::network, "10.1.2.3 refused"}, "r").body.find("10.1") == std::string::npos);
}

TEST_CASE("each error has its status") {
    const std::pair<Errc, unsigned> table[] = {
        {Errc::invalid_input, 400},
        {Errc::unauthenticated, 401},
        {Errc::forbidden, 403},
        {Errc::not_found, 404},
        {Errc::method_not_allowed, 405},
        {Errc::conflict, 409},
        {Errc::precondition_failed, 412},
        {Errc::precondition_required, 428},
        {Errc::too_large, 413},
        {Errc::unsupported_media_type, 415},
        {Errc::unprocessable, 422},
        {Errc::rate_limited, 429},
        {Errc::timed_out, 504},
        {Errc::unavailable, 503},
        {Errc::network, 502},
        {Errc::internal, 500},
    };
    for (const auto& [code, status] : table) {
        CHECK(status_of(code) == status);
        CHECK(reason_phrase(status) != "Unknown");
    }
}

TEST_CASE("reason phrases are those of RFC 9110") {
    CHECK(reason_phrase(200) == "OK");
    CHECK(reason_phrase(404) == "Not Found");
    CHECK(reason_phrase(408) == "Request Timeout");
    CHECK(reason_phrase(413) == "Content Too Large");
    CHECK(reason_phrase(414) == "URI Too Long");
    CHECK(reason_phrase(422) == "Unprocessable Content");
    CHECK(reason_phrase(428) == "Precondition Required");
    CHECK(reason_phrase(431) == "Request Header Fields Too Large");
    CHECK(reason_phrase(504) == "Gateway Timeout");
    CHECK(reason_phrase(299) == "Unknown");
    CHECK(reason_phrase(0) == "Unknown");
}

TEST_CASE("dates are in the form of RFC 9110") {
    CHECK(format_http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(format_http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

}  // namespace
