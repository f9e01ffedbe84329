#include "common/base/ids.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace fanion;

TEST_CASE("an API key reads back, and no single changed character does") {
    const auto key = make_api_key("srv");
    CHECK(key.text.starts_with("fan_srv_" + key.id));
    const auto parsed = parse_api_key(key.text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->kind == "srv");
    CHECK(parsed->id == key.id);
    for (std::size_t i = 0; i < key.text.size(); ++i) {
        auto typo = key.text;
        typo[i] = typo[i] == 'x' ? 'y' : 'x';
        INFO(i);
        CHECK_FALSE(parse_api_key(typo).has_value());
    }
    CHECK_FALSE(parse_api_key("").has_value());
    CHECK_FALSE(parse_api_key(key.text + "0").has_value());
}

TEST_CASE("the CRC of a key is the IEEE one, in base62 with digits before capitals before small letters") {
    // crc32 of the 48 characters is 0xd3852df1.
    const std::string head = "fan_srv_" + std::string(40, 'A');
    CHECK(parse_api_key(head + "3sA4LR").has_value());
    CHECK_FALSE(parse_api_key(head + "3sA4LS").has_value());
}

TEST_CASE("an API key is told by how it begins") {
    for (const auto* kind : {"pat", "svc", "srv", "cli", "rly"}) {
        const auto key = make_api_key(kind);
        CHECK(has_api_key_form(key.text));
        CHECK(api_key_kind(key.text) == kind);
    }
    CHECK(has_api_key_form("fan_srv_x"));
    for (const auto* other : {"", "fan_", "fan_srv", "fan_srv_", "fan_abc_x", "Fan_srv_x", "fan-srv-x", "xfan_srv_x"})
        CHECK_FALSE(has_api_key_form(other));
}

TEST_CASE("random ids carry their prefix and do not repeat") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random_id("e_", 10));
    CHECK(seen.size() == 1000);
    CHECK(seen.begin()->size() == 12);
}
