#include "common/net/content_coding.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using fanion::net::choose_coding;
using fanion::net::choose_encoding;

TEST_CASE("the largest weight decides, and among equal ones zstd before gzip before none") {
    CHECK(choose_encoding("") == Encoding::identity);
    CHECK(choose_encoding("identity") == Encoding::identity);
    CHECK(choose_encoding("gzip, deflate, br") == Encoding::gzip);
    CHECK(choose_encoding("gzip, ZSTD") == Encoding::zstd);
    CHECK(choose_encoding("gzip, ZSTD;q=0.1") == Encoding::gzip);
    CHECK(choose_encoding("zstd;q=0.5, gzip;q=1") == Encoding::gzip);
    CHECK(choose_encoding("zstd;q=0.501, gzip;q=0.5") == Encoding::zstd);
    CHECK(choose_encoding("*") == Encoding::zstd);
    CHECK(choose_encoding("zstd;q=0, *") == Encoding::gzip);
    CHECK(choose_encoding("*;q=0") == Encoding::identity);
    CHECK(choose_encoding("gzip, *;q=0") == Encoding::gzip);
    CHECK(choose_encoding("identity, gzip;q=0.5") == Encoding::identity);
    CHECK(choose_encoding("identity;q=0.5, gzip;q=0.5") == Encoding::gzip);
    CHECK(choose_encoding("identity;q=0, gzip") == Encoding::gzip);
    CHECK(choose_encoding("identity;q=0") == Encoding::identity);
    CHECK(choose_encoding("x-gzip") == Encoding::gzip);
    CHECK(choose_encoding("gzip;q=1.001, zstd;q=0.1") == Encoding::zstd);  // no weight
    CHECK(choose_encoding("gzip;q=2") == Encoding::identity);
    CHECK(choose_encoding("gzip;q=0.12345") == Encoding::identity);
    CHECK(choose_encoding("gzip;q=") == Encoding::identity);
    CHECK(choose_encoding("gzip;Q=1") == Encoding::gzip);
    CHECK(choose_encoding("gzip;q=1.0, zstd;q=0") == Encoding::gzip);
    CHECK(choose_encoding("gzip; q=0.000") == Encoding::identity);
    CHECK(choose_encoding("gzip;q=0.001") == Encoding::gzip);
    CHECK(choose_encoding("gzipped") == Encoding::identity);
}

TEST_CASE("a coding is chosen among those offered only") {
    constexpr std::string_view offered[] = {"br", "gzip"};
    CHECK(choose_coding("gzip, deflate, br, zstd", offered) == "br");
    CHECK(choose_coding("br;q=0.1, gzip;q=0.2", offered) == "gzip");
    CHECK(choose_coding("zstd, *;q=0.1", offered) == "br");
    CHECK(choose_coding("zstd", offered).empty());
    CHECK(choose_coding("br", {}).empty());
    CHECK(choose_coding("x-gzip", offered) == "gzip");
}
