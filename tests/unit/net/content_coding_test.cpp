#include "common/net/content_coding.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using fanion::net::choose_encoding;

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
