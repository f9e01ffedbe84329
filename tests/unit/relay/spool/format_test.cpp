#include "common/spool/format.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fanion::spool;

namespace {

Record make_record(std::uint64_t number, std::size_t body_bytes) {
    Record record{number, "relay.boot." + std::to_string(number), {number * 10, number, 0}, ""};
    for (std::size_t i = 0; i < body_bytes; ++i) record.body += static_cast<char>('a' + (i * 7 + number) % 26);
    return record;
}

std::string make_segment(const std::vector<Record>& records) {
    std::string segment(segment_magic);
    for (const auto& record : records) append_record(segment, segment.size(), record);
    return segment;
}

std::vector<Record> scan(std::string_view segment) {
    std::vector<Record> records;
    SegmentScanner scanner(segment);
    while (auto found = scanner.next()) records.push_back(std::move(found->record));
    return records;
}

// Where each record ends.
std::vector<std::size_t> ends_of(const std::vector<Record>& records) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 1; i <= records.size(); ++i) {
        ends.push_back(make_segment({records.begin(), records.begin() + static_cast<std::ptrdiff_t>(i)}).size());
    }
    return ends;
}

}  // namespace

TEST_CASE("records of any size are read back, whatever block boundaries they cross") {
    std::vector<Record> records;
    std::uint64_t number = 1;
    for (const std::size_t size : {0u, 1u, 100u, 32'000u, 32'700u, 32'768u, 65'536u, 200'000u, 5u}) {
        records.push_back(make_record(number++, size));
    }
    const auto segment = make_segment(records);
    CHECK(scan(segment) == records);
    SegmentScanner scanner(segment);
    while (scanner.next()) {
    }
    CHECK(scanner.good_end() == segment.size());
    CHECK_FALSE(scanner.is_damaged());
}

TEST_CASE("a record may begin at any distance from the end of a block") {
    for (std::size_t left = 0; left <= 40; ++left) {
        std::string segment(segment_magic);
        const auto overhead = make_segment({make_record(1, 0)}).size();
        const std::vector<Record> records{make_record(1, block_bytes - overhead - left), make_record(2, 50)};
        CHECK(scan(make_segment(records)) == records);
    }
}

TEST_CASE("a segment cut at any byte keeps every record before the cut") {
    const std::vector<Record> records{make_record(1, 60), make_record(2, 33'000), make_record(3, 40),
                                      make_record(4, 0)};
    const auto segment = make_segment(records);
    const auto ends = ends_of(records);
    for (std::size_t cut = 0; cut <= segment.size(); cut += (cut > 300 && cut < 32'700 ? 97 : 1)) {
        std::size_t whole = 0;
        while (whole < ends.size() && ends[whole] <= cut) ++whole;
        SegmentScanner scanner(std::string_view(segment).substr(0, cut));
        std::size_t got = 0;
        while (auto found = scanner.next()) {
            REQUIRE(got < records.size());
            REQUIRE(found->record == records[got++]);
        }
        REQUIRE(got == whole);
        REQUIRE_FALSE(scanner.is_damaged());
        const auto magic = cut >= segment_magic.size() ? segment_magic.size() : 0;
        REQUIRE(scanner.good_end() == (whole == 0 ? magic : ends[whole - 1]));
    }
}

TEST_CASE("a flipped byte loses its record and no other, and never yields a different record") {
    const std::vector<Record> records{make_record(1, 60), make_record(2, 40), make_record(3, 20)};
    const auto segment = make_segment(records);
    const auto ends = ends_of(records);
    for (std::size_t at = 0; at < segment.size(); ++at) {
        for (const unsigned mask : {0x01u, 0x80u, 0xffu}) {
            auto flipped = segment;
            flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ mask);
            std::size_t hit = 0;
            while (hit < ends.size() && ends[hit] <= at) ++hit;
            auto expected = records;
            if (at >= segment_magic.size()) expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(hit));
            REQUIRE(scan(flipped) == expected);
        }
    }
}

TEST_CASE("reading continues in the block after a damaged one") {
    const std::vector<Record> records{make_record(1, 100), make_record(2, 40'000), make_record(3, 40'000),
                                      make_record(4, 10)};
    auto segment = make_segment(records);
    segment[200] = static_cast<char>(segment[200] ^ 1);  // in the first block: record 2's beginning
    SegmentScanner scanner(segment);
    std::vector<std::uint64_t> numbers;
    while (auto found = scanner.next()) numbers.push_back(found->record.number);
    CHECK(numbers == std::vector<std::uint64_t>{1, 3, 4});
    CHECK(scanner.is_damaged());
}

TEST_CASE("a single record is read at its offset, and only if it is complete") {
    const std::vector<Record> records{make_record(1, 32'700), make_record(2, 70'000), make_record(3, 9)};
    auto segment = make_segment(records);
    SegmentScanner scanner(segment);
    for (const auto& record : records) {
        const auto found = scanner.next();
        REQUIRE(found);
        auto bytes = segment.substr(found->offset, found->length);
        CHECK(read_record(bytes, found->offset) == record);
        CHECK_FALSE(read_record(std::string_view(bytes).substr(0, bytes.size() - 1), found->offset));
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
        CHECK_FALSE(read_record(bytes, found->offset));
    }
}

TEST_CASE("other bytes are not a valid record") {
    CHECK(scan("").empty());
    CHECK(scan(segment_magic).empty());
    CHECK(scan(std::string(100'000, '\0')).empty());
    CHECK(scan(std::string(segment_magic) + std::string(100'000, '\0')).empty());
    CHECK(scan(std::string(segment_magic) + std::string(100'000, '\xff')).empty());
}
