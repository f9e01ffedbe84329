#include "common/net/request_parser.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "common/net/request_builder.hpp"
#include "parser_feed.hpp"

namespace {

using namespace fanion::net;
using fanion::test::feed;
using State = RequestParser::State;

struct Seen {
    std::string line;
    std::string headers;
    std::string body;
    bool keep_alive;
    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen look(RequestParser& parser) {
    const auto& request = parser.request();
    Seen seen{
        std::string(name_of(request.method)) + ' ' + std::string(request.path) + ' ' + std::string(request.raw_query),
        {},
        std::string(request.body),
        parser.keep_alive()};
    for (const auto& [name, value] : request.headers()) {
        seen.headers += std::string(name) + '=' + std::string(value) + ';';
    }
    return seen;
}

constexpr std::string_view with_length =
    "POST /a/b?c=d HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view with_chunks =
    "PUT /up HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
    "4;ext=\"1\"\r\nWiki\r\n006\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Trailer: t\r\n\r\n";
constexpr std::string_view old_version = "GET / HTTP/1.0\r\n\r\n";
constexpr std::string_view closing = "DELETE /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

const Seen seen_with_length{"POST /a/b c=d", "Host=h;X-Empty=;Content-Length=5;", "hello", true};
const Seen seen_with_chunks{"PUT /up ", "Host=h;Transfer-Encoding=Chunked;", "Wikipedia in \r\n\r\nchunks.", true};
const Seen seen_old_version{"GET / ", "", "", false};
const Seen seen_closing{"DELETE /x ", "Host=h;Connection=close;", "", false};

TEST_CASE("a request is read the same wherever its bytes are split") {
    const std::pair<std::string_view, Seen> cases[] = {{with_length, seen_with_length},
                                                       {with_chunks, seen_with_chunks},
                                                       {old_version, seen_old_version},
                                                       {closing, seen_closing}};
    for (const auto& [bytes, expected] : cases) {
        for (std::size_t split = 0; split < bytes.size(); ++split) {
            CAPTURE(bytes, split);
            RequestParser parser({});
            REQUIRE(feed(parser, bytes.substr(0, split)) == State::need_more);
            REQUIRE(feed(parser, bytes.substr(split)) == State::complete);
            CHECK(look(parser) == expected);
        }
    }
}

TEST_CASE("a request may come byte by byte") {
    for (const auto bytes : {with_length, with_chunks}) {
        RequestParser parser({});
        for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
            REQUIRE(feed(parser, bytes.substr(i, 1)) == State::need_more);
        REQUIRE(feed(parser, bytes.substr(bytes.size() - 1)) == State::complete);
        CHECK(look(parser) == (bytes == with_length ? seen_with_length : seen_with_chunks));
    }
}

TEST_CASE("requests that follow each other are read one by one, wherever the bytes are split") {
    const auto bytes = std::string(with_length) + "\r\n" + std::string(with_chunks) + std::string(closing);
    for (std::size_t split = 0; split <= bytes.size(); ++split) {
        CAPTURE(split);
        RequestParser parser({});
        std::vector<Seen> seen;
        for (const auto piece : {std::string_view(bytes).substr(0, split), std::string_view(bytes).substr(split)}) {
            for (auto state = feed(parser, piece); state == State::complete; state = parser.parse()) {
                seen.push_back(look(parser));
                parser.next();
            }
        }
        CHECK(seen == std::vector<Seen>{seen_with_length, seen_with_chunks, seen_closing});
        CHECK_FALSE(parser.has_bytes());
    }
}

TEST_CASE("a request stays the same when its buffer is made small, and so do those behind it") {
    RequestParser parser({});
    const auto bytes = std::string(closing) + std::string(with_length) + std::string(with_chunks);
    std::vector<Seen> seen;
    for (auto state = feed(parser, bytes); state == State::complete; state = parser.parse()) {
        parser.shrink();
        seen.push_back(look(parser));
        parser.next();
    }
    CHECK(seen == std::vector<Seen>{seen_closing, seen_with_length, seen_with_chunks});
    const std::string long_path = "/" + std::string(7'000, 'p');
    REQUIRE(feed(parser, "GET " + long_path + " HTTP/1.1\r\nHost: h\r\n\r\n") == State::complete);
    parser.shrink();
    CHECK(parser.request().path == long_path);
    CHECK(parser.request().header("Host") == "h");
}

TEST_CASE("the buffer of a large request is not kept for the beginning of the next one") {
    const std::string large =
        "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n" + std::string(300'000, 'x');
    const auto next = std::string_view(with_length);
    RequestParser parser({});
    REQUIRE(feed(parser, large + std::string(next.substr(0, 7))) == State::complete);
    parser.next();
    REQUIRE(parser.parse() == State::need_more);
    CHECK(parser.prepare().size() < 64 * 1024);
    CHECK(feed(parser, next.substr(7)) == State::complete);
    CHECK(look(parser) == seen_with_length);
}

TEST_CASE("what a proxy says of the client holds when the request moves") {
    const auto proxy = fanion::parse_ip("10.0.0.1").value();
    RequestParser parser({});
    REQUIRE(feed(parser, "GET / HTTP/1.1\r\nHost: in\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: out\r\n\r\n") ==
            State::complete);
    auto& request = parser.request();
    RequestBuilder::set_forwarded(request, read_forwarded(request, proxy, {}));
    parser.shrink();
    CHECK(request.host() == "out");
    const void* const stored = request.header("X-Forwarded-Host").data();
    CHECK(request.host().data() == stored);
    CHECK(request.peer == "192.0.2.7");
}

TEST_CASE("views hold while a body longer than the buffer comes in") {
    const std::string body(300'000, 'x');
    const auto head =
        "POST /long?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    RequestParser parser({});
    // An earlier request in the same read leaves this one in the middle of the buffer.
    REQUIRE(feed(parser, std::string(closing) + head) == State::complete);
    parser.next();
    REQUIRE(parser.parse() == State::need_more);
    CHECK(parser.in_body());
    REQUIRE(feed(parser, body) == State::complete);
    CHECK(parser.request().path == "/long");
    CHECK(parser.request().raw_query == "q=1");
    CHECK(parser.request().header("host") == "h");
    CHECK(parser.request().body == body);
    parser.next();
    CHECK(feed(parser, with_length) == State::complete);
    CHECK(look(parser) == seen_with_length);
}

TEST_CASE("100-continue is wished for once, and not by HTTP/1.0") {
    RequestParser parser({});
    REQUIRE(feed(parser, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n") ==
            State::need_more);
    CHECK(parser.take_expect_continue());
    CHECK_FALSE(parser.take_expect_continue());
    RequestParser old({});
    REQUIRE(feed(old, "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n") == State::need_more);
    CHECK_FALSE(old.take_expect_continue());
}

TEST_CASE("HTTP/1.0 keeps the connection only when it asks to") {
    RequestParser parser({});
    REQUIRE(feed(parser, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") == State::complete);
    CHECK(parser.keep_alive());
    CHECK(parser.is_http10());
}

TEST_CASE("of a request that failed or is late, what has come can still be read") {
    const auto salvaged = [](std::string_view bytes) {
        RequestParser parser({.header_bytes = 512, .target_bytes = 64, .body_bytes = 100});
        feed(parser, bytes);
        parser.salvage();
        const auto& request = parser.request();
        return std::string(name_of(request.method)) + ' ' + std::string(request.path) + ' ' +
               std::string(request.header("Origin"));
    };
    CHECK(salvaged("") == "OTHER  ");
    CHECK(salvaged("PO") == "OTHER  ");
    CHECK(salvaged("POST /a/b?c=d") == "POST /a/b ");
    CHECK(salvaged("POST /a HTTP/1.1\r\nX: y\r\nOrigin: o\r\nY: ") == "POST /a o");
    CHECK(salvaged("POST /a HTTP/1.1\r\nX : y\r\nOrigin: o\r\n\r\n") == "POST /a o");
    CHECK(salvaged("POST /a HTTP/1.1\r\nOrigin: o\r\nContent-Length: 101\r\n\r\n") == "POST /a o");
    CHECK(salvaged("POST /a HTTP/1.1\r\nHost: h\r\nOrigin: o\r\nContent-Length: 3\r\n\r\na") == "POST /a o");
    CHECK(salvaged("\r\nGET /" + std::string(100, 'a') + " HTTP/1.1\r\nOrigin: o\r\n\r\n") ==
          "GET /" + std::string(100, 'a') + " o");
    CHECK(salvaged("GET / HTTP/1.1\r\nHost: h\r\n\r\nPOST /b HTTP/9") == "GET / ");
}

}  // namespace
