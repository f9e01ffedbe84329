#include "common/net/response_parser.hpp"

#include <catch2/catch.hpp>

#include "parser_feed.hpp"

namespace {

using namespace fanion::net;
using fanion::Errc;
using fanion::test::feed;
using ResponseState = ResponseParser::State;

constexpr std::size_t header_limit = 1024;
constexpr std::size_t body_limit = 100;

TEST_CASE("an answer is read the same wherever its bytes are split") {
    for (const std::string_view bytes :
         {"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nT: t\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello"}) {
        for (std::size_t split = 0; split < bytes.size(); ++split) {
            CAPTURE(bytes, split);
            ResponseParser parser(header_limit, body_limit, false);
            REQUIRE(feed(parser, bytes.substr(0, split)) == ResponseState::need_more);
            REQUIRE(feed(parser, bytes.substr(split)) == ResponseState::complete);
            CHECK(parser.status() == 200);
            REQUIRE(parser.headers().size() == 2);
            CHECK(parser.headers()[0] == std::pair<std::string, std::string>("X", "y"));
            CHECK(parser.body() == "hello");
            CHECK(parser.keep_alive());
        }
    }
}

TEST_CASE("a body without a length ends with the connection") {
    ResponseParser parser(header_limit, body_limit, false);
    REQUIRE(feed(parser, "HTTP/1.1 200 OK\r\n\r\nhel") == ResponseState::need_more);
    REQUIRE(feed(parser, "lo") == ResponseState::need_more);
    CHECK(parser.take_body() == "hello");
    CHECK(parser.finish() == ResponseState::complete);
    CHECK_FALSE(parser.keep_alive());
}

TEST_CASE("an answer cut short is an error") {
    for (const std::string_view bytes :
         {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
        CAPTURE(bytes);
        ResponseParser parser(header_limit, body_limit, false);
        REQUIRE(feed(parser, bytes) == ResponseState::need_more);
        REQUIRE(parser.finish() == ResponseState::failed);
        CHECK(parser.error().code == Errc::network);
    }
}

TEST_CASE("an answer to HEAD has no body") {
    ResponseParser parser(header_limit, body_limit, true);
    CHECK(feed(parser, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") == ResponseState::complete);
    CHECK(parser.keep_alive());
}

TEST_CASE("bytes behind an answer spoil the connection") {
    ResponseParser parser(header_limit, body_limit, false);
    CHECK(feed(parser, "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n") == ResponseState::complete);
    CHECK_FALSE(parser.keep_alive());
}

TEST_CASE("bodies and headers are bounded") {
    ResponseParser sized(header_limit, body_limit, false);
    REQUIRE(feed(sized, "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n") == ResponseState::failed);
    CHECK(sized.error().code == Errc::too_large);
    ResponseParser unsized(header_limit, body_limit, false);
    REQUIRE(feed(unsized, "HTTP/1.1 200 OK\r\n\r\n" + std::string(101, 'x')) == ResponseState::failed);
    CHECK(unsized.error().code == Errc::too_large);
    ResponseParser headers(header_limit, body_limit, false);
    REQUIRE(feed(headers, "HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x')) == ResponseState::failed);
    CHECK(headers.error().code == Errc::network);
}

}  // namespace
