// What the request parser refuses, and how it says so.
#include <catch2/catch.hpp>
#include <optional>

#include "common/net/request_parser.hpp"
#include "parser_feed.hpp"

namespace {

using namespace fanion::net;
using fanion::test::feed;
using State = RequestParser::State;

struct Refusal {
    std::string bytes;
    unsigned status;
    std::string_view detail;
};

std::string with_headers(std::string_view headers) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}
std::string chunked(std::string_view body) {
    return "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body);
}

std::string many_headers(int count) {
    std::string headers;
    for (int i = 0; i < count; ++i) headers += "A:b\r\n";
    return headers;
}

const Refusal refusals[] = {
    {"\x16\x03\x01 not http", 400, "the request line's method is malformed"},
    {"GET /a b HTTP/1.1\r\n\r\n", 400, "the request line does not end in HTTP/1.1 or HTTP/1.0"},
    {"GET / HTTP/2.0\r\n\r\n", 400, "the request line does not end in HTTP/1.1 or HTTP/1.0"},
    {"GET / HTTP/1.1\nHost: h\n\n", 400, "the request line does not end in HTTP/1.1 or HTTP/1.0"},
    {"GET nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 400, "the request target does not begin with '/'"},
    {"GET / HTTP/1.1\r\nX: y\r\n\r\n", 400, "Host is missing"},
    {with_headers("Host: i\r\n"), 400, "Host is given twice"},
    {with_headers("X : y\r\n"), 400, "a header's name is malformed"},
    {with_headers("X: a\r\n b\r\n"), 400, "a header is folded over several lines"},
    {with_headers("X:\r\n b\r\n"), 400, "a header is folded over several lines"},
    {with_headers("X: \t\r\n\tb\r\n"), 400, "a header is folded over several lines"},
    {with_headers("X: a\r\n \r\n"), 400, "a header is folded over several lines"},
    {with_headers("X:\r\n \r\n"), 400, "a header is folded over several lines"},
    {with_headers("X:\r\n \r\n b\r\n"), 400, "a header is folded over several lines"},
    {with_headers("Transfer-Encoding:\r\n chunked\r\n"), 400, "a header is folded over several lines"},
    {with_headers("Content-Length:\r\n 5\r\n"), 400, "a header is folded over several lines"},
    {with_headers("Host:\r\n i\r\n"), 400, "a header is folded over several lines"},
    {with_headers("X: a\x01\r\n"), 400, "a header's value is malformed"},
    {with_headers("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400,
     "both Transfer-Encoding and Content-Length are given"},
    {with_headers("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400,
     "both Transfer-Encoding and Content-Length are given"},
    {with_headers("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n"), 400,
     "both Transfer-Encoding and Content-Length are given"},
    {with_headers("Transfer-Encoding: gzip\r\n"), 501, "the only transfer coding that is understood is chunked"},
    {with_headers("Transfer-Encoding: gzip, chunked\r\n"), 501,
     "the only transfer coding that is understood is chunked"},
    {with_headers("Transfer-Encoding: chunked, gzip\r\n"), 501,
     "the only transfer coding that is understood is chunked"},
    {with_headers("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400,
     "Transfer-Encoding is given twice"},
    {with_headers("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"), 501,
     "the only transfer coding that is understood is chunked"},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "Transfer-Encoding is not part of HTTP/1.0"},
    {with_headers("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "Content-Length is given twice"},
    {with_headers("Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "Content-Length is given twice"},
    {with_headers("Content-Length: 5, 5\r\n"), 400, "Content-Length is not a number"},
    {with_headers("Content-Length: +5\r\n"), 400, "Content-Length is not a number"},
    {with_headers("Content-Length: -1\r\n"), 400, "Content-Length is not a number"},
    {with_headers("Content-Length: 99999999999999999999999\r\n"), 400, "Content-Length is not a number"},
    {with_headers("Content-Length: 101\r\n"), 413, "the request's body is larger than 100 bytes"},
    {with_headers("Expect: a miracle\r\n"), 417, "the only expectation that can be met is 100-continue"},
    {chunked("1\nx\r\n0\r\n\r\n"), 400, "a chunk's extension is malformed"},
    {chunked("1;a\nb\r\nx\r\n0\r\n\r\n"), 400, "a chunk's extension is malformed"},
    {chunked("0x1\r\nx\r\n0\r\n\r\n"), 400, "a chunk's extension is malformed"},
    {chunked("-1\r\n"), 400, "a chunk's size or end is malformed"},
    {chunked("x\r\n"), 400, "a chunk's size or end is malformed"},
    {chunked("2\r\nabc\r\n0\r\n\r\n"), 400, "a chunk's size or end is malformed"},
    {chunked("65\r\n"), 413, "the request's body is larger than 100 bytes"},
    {chunked("40\r\n" + std::string(64, 'x') + "\r\n40\r\n"), 413, "the request's body is larger than 100 bytes"},
    {chunked("fffffffffffffffff\r\n"), 400, "a chunk's size or end is malformed"},
    {chunked("1;" + std::string(600, 'x')), 431, "a chunk's head or the trailers are too large"},
    {chunked("0\r\nX: " + std::string(600, 'x')), 431, "a chunk's head or the trailers are too large"},
    {chunked("0\r\nX:\r\n y\r\n\r\n"), 400, "a header is folded over several lines"},
    {chunked("0\r\nX: y\r\n z\r\n\r\n"), 400, "a header is folded over several lines"},
    {chunked("0\r\nContent-Length: 1\r\n\r\n"), 400, "both Transfer-Encoding and Content-Length are given"},
    {"GET /" + std::string(300, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "the request target is too long"},
    {"GET /" + std::string(600, 'a'), 414, "the request target is too long"},
    {with_headers(many_headers(12)), 431, "there are too many headers"},
    {with_headers("X: " + std::string(600, 'a') + "\r\n"), 431, "the request's headers are too large"},
};

constexpr ParserLimits small_limits{.header_bytes = 512, .headers = 12, .target_bytes = 256, .body_bytes = 100};

TEST_CASE("what is refused is refused with a reason") {
    for (const auto& [bytes, status, detail] : refusals) {
        CAPTURE(bytes);
        RequestParser parser(small_limits);
        REQUIRE(feed(parser, bytes) == State::failed);
        CHECK(parser.failure().status == status);
        CHECK(parser.failure().detail == detail);
        CHECK_FALSE(parser.keep_alive());
        CHECK(parser.parse() == State::failed);
    }
}

TEST_CASE("what is refused in one piece is refused wherever it is split") {
    for (const auto& refusal : refusals) {
        for (std::size_t split = 1; split < refusal.bytes.size(); ++split) {
            CAPTURE(refusal.bytes, split);
            RequestParser parser(small_limits);
            auto state = feed(parser, std::string_view(refusal.bytes).substr(0, split));
            if (state == State::need_more) state = feed(parser, std::string_view(refusal.bytes).substr(split));
            // A request whose end is what is wrong with it may still be waiting for an empty line that will not come.
            if (state == State::need_more) state = feed(parser, "\r\n\r\n" + std::string(600, 'x'));
            CHECK(state == State::failed);
        }
    }
}

TEST_CASE("what just fits the limits is taken") {
    const std::string target = "/" + std::string(255, 'a');
    RequestParser long_target(small_limits);
    CHECK(feed(long_target, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n") == State::complete);
    RequestParser many(small_limits);
    CHECK(feed(many, with_headers(many_headers(11))) == State::complete);
    RequestParser long_body(small_limits);
    CHECK(feed(long_body, with_headers("Content-Length: 100\r\n") + std::string(100, 'x')) == State::complete);
    RequestParser long_chunks(small_limits);
    CHECK(feed(long_chunks, chunked("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n")) == State::complete);
}

constexpr std::size_t large = 300'000;
constexpr ParserLimits large_limits{.body_bytes = large};

std::string large_request() {
    return with_headers("Content-Length: " + std::to_string(large) + "\r\n") + std::string(large, 'x');
}
std::string large_chunks() {
    std::string chunks;
    for (int i = 0; i < 30; ++i) chunks += "2710\r\n" + std::string(10'000, 'x') + "\r\n";
    return chunked(chunks + "0\r\n\r\n");
}

TEST_CASE("a large body takes from what all share, until the request has been answered") {
    for (const auto& request : {large_request(), large_chunks()}) {
        ByteBudget budget(200'000);
        RequestParser first(large_limits, &budget);
        std::optional<RequestParser> second(std::in_place, large_limits, &budget);
        const auto half = std::string_view(request).substr(0, 280'000);
        REQUIRE(feed(first, half) == State::need_more);
        REQUIRE(feed(*second, half) == State::failed);
        CHECK(second->failure().status == 503);
        CHECK(second->failure().detail == "too many large bodies are being received; send it again");
        second.reset();
        REQUIRE(feed(first, std::string_view(request).substr(half.size())) == State::complete);
        first.next();
        RequestParser third(large_limits, &budget);
        CHECK(feed(third, half) == State::need_more);
    }
}

TEST_CASE("a connection that ends gives back what its body has taken") {
    ByteBudget budget(200'000);
    for (int i = 0; i < 3; ++i) {
        RequestParser parser(large_limits, &budget);
        CHECK(feed(parser, std::string_view(large_request()).substr(0, 280'000)) == State::need_more);
    }
}

TEST_CASE("a body of the size of a context needs nothing of what all share") {
    ByteBudget nothing(0);
    RequestParser parser({}, &nothing);
    const auto request = with_headers("Content-Length: 65536\r\n") + std::string(65'536, 'x');
    CHECK(feed(parser, request) == State::complete);
}

}  // namespace
