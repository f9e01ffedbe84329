#include "control-plane/relays/negotiation.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using namespace fanion::cp::relays;

TEST_CASE("If-None-Match is a list, a star, and may be weak") {
    const auto etag = etag_of({7, 12});
    CHECK(etag == "\"7.12\"");
    CHECK(matches_etag("\"7.12\"", etag));
    CHECK(matches_etag("\"7.11\" , W/\"7.12\"", etag));
    CHECK(matches_etag("*", etag));
    CHECK_FALSE(matches_etag("", etag));
    CHECK_FALSE(matches_etag("7.12", etag));
    CHECK_FALSE(matches_etag("\"7.121\"", etag));
}

TEST_CASE("zstd is preferred to gzip, and a weight of zero refuses") {
    CHECK(choose_encoding("") == Encoding::identity);
    CHECK(choose_encoding("identity") == Encoding::identity);
    CHECK(choose_encoding("gzip, deflate, br") == Encoding::gzip);
    CHECK(choose_encoding("gzip, ZSTD;q=0.1") == Encoding::zstd);
    CHECK(choose_encoding("gzip;q=1.0, zstd;q=0") == Encoding::gzip);
    CHECK(choose_encoding("gzip; q=0.000") == Encoding::identity);
    CHECK(choose_encoding("gzip;q=0.001") == Encoding::gzip);
    CHECK(choose_encoding("gzipped") == Encoding::identity);
}
