#include "common/base/state_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/base/bytes.hpp"
#include "common/base/crc32c.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;

TEST_CASE("CRC-32C has RFC 3720's values") {
    CHECK(crc32c("") == 0);
    CHECK(crc32c("123456789") == 0xe3069283);
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
    const std::string text = "any text that is longer than eight bytes";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        CHECK(crc32c(text.substr(cut), crc32c(text.substr(0, cut))) == crc32c(text));
    }
}

TEST_CASE("numbers are written with the low byte first") {
    std::string out;
    append_le(out, std::uint32_t{0x01020304});
    append_le(out, std::uint8_t{0xff});
    CHECK(out == "\x04\x03\x02\x01\xff");
    std::string_view from = out;
    CHECK(take_le<std::uint32_t>(from) == 0x01020304);
    CHECK_FALSE(take_le<std::uint16_t>(from).has_value());
    CHECK(take_bytes(from, 1) == "\xff");
    CHECK_FALSE(take_bytes(from, 1).has_value());
}

TEST_CASE("the state that was stored last is found again") {
    test::TemporaryDirectory folder;
    const auto path = folder / "state";
    {
        auto file = StateFile::open(path);
        REQUIRE(file);
        CHECK_FALSE(file->value().has_value());
        CHECK(file->store("one"));
        CHECK(file->store("two"));
        CHECK(file->store("three"));
        CHECK_FALSE(file->store(std::string(StateFile::max_value_bytes + 1, 'x')));
        CHECK(file->value() == "three");
    }
    auto file = StateFile::open(path);
    REQUIRE(file);
    CHECK(file->value() == "three");
    CHECK_FALSE(file->was_damaged());
}

TEST_CASE("a state that was half written is as if it had never been") {
    test::TemporaryDirectory folder;
    const auto path = folder / "state";
    {
        auto file = StateFile::open(path);
        REQUIRE(file);
        REQUIRE(file->store("the old value"));
        REQUIRE(file->store("the new value"));  // generation 2 lies in the first place
    }
    for (std::size_t at = 0; at < 16 + 13; ++at) {
        const auto copy = folder / ("copy" + std::to_string(at));
        std::filesystem::copy_file(path, copy);
        std::fstream bytes(copy, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekg(static_cast<std::streamoff>(at));
        const auto old = static_cast<char>(bytes.get());
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.put(static_cast<char>(old ^ 1));
        bytes.close();
        auto file = StateFile::open(copy);
        REQUIRE(file);
        CHECK(file->value() == "the old value");
        CHECK(file->store("the next value"));
        CHECK(StateFile::open(copy)->value() == "the next value");
    }
}

TEST_CASE("a state file without one whole place says that it is damaged") {
    test::TemporaryDirectory folder;
    std::ofstream(folder / "state") << std::string(8192, 'x');
    auto file = StateFile::open(folder / "state");
    REQUIRE(file);
    CHECK_FALSE(file->value().has_value());
    CHECK(file->was_damaged());
    CHECK_FALSE(StateFile::open(folder / "no/such/folder"));
}
