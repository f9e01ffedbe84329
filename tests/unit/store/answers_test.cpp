#include <catch2/catch.hpp>

#include "common/store/redis_reply.hpp"
#include "common/store/s3_answer.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::store;

TEST_CASE("a page of S3 names objects and the next page") {
    const auto listing = parse_s3_listing(
        "<R><Prefix>p/</Prefix><Contents><Key>p/a</Key></Contents><Contents><Key>p/&amp;</Key></Contents>"
        "<Contents><Key>p/b</Key></Contents><NextContinuationToken>t/1=</NextContinuationToken></R>");
    CHECK(listing.keys == std::vector<std::string>{"p/a", "p/b"});
    CHECK(listing.next == "t/1=");
    CHECK(parse_s3_listing("<Key>cut").keys.empty());
    CHECK(parse_s3_error("<Error><Code>NoSuchBucket</Code></Error>") == "NoSuchBucket");
    CHECK(parse_s3_error("<Code>\x1b[2J</Code>").empty());
}

TEST_CASE("a reply of Redis arrives in any pieces") {
    const std::string bytes = "*4\r\n$3\r\nabc\r\n:7\r\n$-1\r\n*1\r\n$0\r\n\r\n";
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        RedisReplyReader reader;
        reader.begin(1000);
        const auto before = reader.feed(std::string_view(bytes).substr(0, cut));
        REQUIRE(before);
        REQUIRE_FALSE(*before);
        const auto reply = reader.feed(std::string_view(bytes).substr(cut));
        REQUIRE(reply);
        REQUIRE(*reply);
        const auto& elements = (*reply)->elements;
        REQUIRE(elements.size() == 4);
        CHECK(elements[0]->text == "abc");
        CHECK(elements[1]->integer == 7);
        CHECK(elements[2]->kind == RedisReply::Kind::nil);
        CHECK(elements[3]->elements.at(0)->text.empty());
    }
}

TEST_CASE("a server that announces much or sends without an end is left") {
    RedisReplyReader announced;
    announced.begin(1000);
    CHECK(announced.feed("*2000000000\r\n"));  // nothing is allocated for it
    RedisReplyReader endless;
    endless.begin(100);
    REQUIRE(endless.feed("$1000000\r\n" + std::string(80, 'x')));
    CHECK(endless.feed(std::string(80, 'x')).error().code == Errc::too_large);
    RedisReplyReader many;
    many.begin(100'000'000);
    std::string lists;
    for (int i = 0; i < 500'000; ++i) lists += "*1\r\n:1\r\n";
    REQUIRE(many.feed("*2000000\r\n" + lists));
    CHECK(many.feed("*1\r\n:1\r\n").error().code == Errc::unavailable);
    RedisReplyReader other;
    other.begin(1000);
    CHECK(other.feed("HTTP/1.1 400 Bad Request\r\n").error().code == Errc::unavailable);
}
