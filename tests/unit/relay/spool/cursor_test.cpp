#include "common/spool/cursor.hpp"

#include <catch2/catch.hpp>

using namespace fanion::spool;

namespace {

Cursor sample() {
    Cursor cursor;
    cursor.through = 12;
    cursor.kept = 9;
    cursor.part_of = 9;
    cursor.part = "01";
    cursor.part_done = {1, 2, 3};
    cursor.last_id = "relay.boot.12";
    cursor.delivered = {100, 200, 300};
    cursor.dropped[DropReason::rejected] = {4, 5, 6};
    return cursor;
}

}  // namespace

TEST_CASE("a cursor is decoded to what was encoded") {
    CHECK(decode_cursor(encode(Cursor{})) == Cursor{});
    CHECK(decode_cursor(encode(sample())) == sample());
}

TEST_CASE("truncated bytes and trailing bytes are not a valid cursor") {
    const auto bytes = encode(sample());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) CHECK_FALSE(decode_cursor(bytes.substr(0, cut)));
    CHECK_FALSE(decode_cursor(bytes + "x"));
}

TEST_CASE("every batch up to `through` is settled, except the kept one") {
    const auto cursor = sample();
    CHECK(cursor.is_settled(1));
    CHECK_FALSE(cursor.is_settled(9));
    CHECK(cursor.is_settled(12));
    CHECK_FALSE(cursor.is_settled(13));
}

TEST_CASE("every drop reason has its own name") {
    CHECK(name_of(DropReason::spool_full) == "spool_full");
    CHECK(name_of(DropReason::rejected) == "rejected");
    CHECK(name_of(DropReason::damaged) == "damaged");
}
