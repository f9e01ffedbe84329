#include "common/base/compression.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

namespace {

std::string sample() {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i * 7919 % 1000) + "\n";
    return text;
}

}  // namespace

TEST_CASE("what was compressed comes back, for every encoding and for nothing at all") {
    const auto encoding = GENERATE(Encoding::identity, Encoding::gzip, Encoding::zstd);
    for (const std::string& text : {std::string(), std::string("x"), sample()}) {
        const auto back = decompress(encoding, compress(encoding, text), 1 << 20);
        REQUIRE(back.has_value());
        CHECK(*back == text);
    }
}

TEST_CASE("a stream cut anywhere is refused") {
    const auto encoding = GENERATE(Encoding::gzip, Encoding::zstd);
    const auto packed = compress(encoding, "some text that is long enough to be worth packing packing packing");
    for (std::size_t cut = 0; cut < packed.size(); ++cut) {
        const auto back = decompress(encoding, std::string_view(packed).substr(0, cut), 1 << 20);
        REQUIRE_FALSE(back.has_value());
        CHECK(back.error().code == Errc::invalid_input);
    }
    CHECK_FALSE(decompress(encoding, packed + "x", 1 << 20).has_value());
}

TEST_CASE("unpacking stops at the limit") {
    const auto encoding = GENERATE(Encoding::identity, Encoding::gzip, Encoding::zstd);
    const std::string text(100'000, 'a');
    const auto packed = compress(encoding, text);
    CHECK(decompress(encoding, packed, text.size()).has_value());
    const auto over = decompress(encoding, packed, text.size() - 1);
    REQUIRE_FALSE(over.has_value());
    CHECK(over.error().code == Errc::too_large);
}

TEST_CASE("content encodings are known by name") {
    CHECK(parse_encoding("") == Encoding::identity);
    CHECK(parse_encoding(" GZIP ") == Encoding::gzip);
    CHECK(parse_encoding("zstd") == Encoding::zstd);
    CHECK_FALSE(parse_encoding("gzip, zstd").has_value());
    CHECK_FALSE(parse_encoding("br").has_value());
    CHECK(name_of(Encoding::zstd) == "zstd");
}
