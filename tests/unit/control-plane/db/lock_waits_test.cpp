#include "control-plane/db/lock_waits.hpp"

#include <catch2/catch.hpp>

using fanion::cp::db::LockWaits;
using namespace std::chrono_literals;

namespace {

const LockWaits::Time start{1'000s};
constexpr const char* statement = "find_flag";

}  // namespace

TEST_CASE("statements that wait for no lock are all admitted") {
    LockWaits waits;
    for (int i = 0; i < 100; ++i) CHECK(waits.admit(statement, "o_a", start));
    for (int i = 0; i < 100; ++i) waits.ended(statement, "o_a", false, start);
    CHECK(waits.admit(statement, "o_a", start));
}

TEST_CASE("after one has waited in vain, one is tried at a time, until one comes through") {
    LockWaits waits;
    CHECK(waits.admit(statement, "o_a", start));
    waits.ended(statement, "o_a", true, start + 2s);
    CHECK(waits.admit(statement, "o_a", start + 3s));
    CHECK_FALSE(waits.admit(statement, "o_a", start + 3s));
    CHECK_FALSE(waits.admit(statement, "o_a", start + 20s));  // one still waits
    SECTION("the next waits in vain too") {
        waits.ended(statement, "o_a", true, start + 20s);
        CHECK(waits.admit(statement, "o_a", start + 20s));
        CHECK_FALSE(waits.admit(statement, "o_a", start + 20s));
    }
    SECTION("the next comes through") {
        waits.ended(statement, "o_a", false, start + 20s);
        CHECK(waits.admit(statement, "o_a", start + 20s));
        CHECK(waits.admit(statement, "o_a", start + 20s));
    }
}

TEST_CASE("one that was admitted and not run says nothing of the lock") {
    LockWaits waits;
    waits.withdraw(statement, "o_a");
    waits.ended(statement, "o_a", true, start);
    waits.withdraw("list_flags", "o_a");
    waits.withdraw(statement, "o_b");
    CHECK(waits.admit(statement, "o_a", start + 1s));
    waits.withdraw(statement, "o_a");
    CHECK(waits.admit(statement, "o_a", start + 1s));
    CHECK_FALSE(waits.admit(statement, "o_a", start + 1s));
}

TEST_CASE("other statements and other organisations are not held up") {
    LockWaits waits;
    waits.ended(statement, "o_a", true, start);
    CHECK(waits.admit(statement, "o_a", start));
    for (int i = 0; i < 3; ++i) {
        CHECK(waits.admit("list_flags", "o_a", start));
        CHECK(waits.admit(statement, "o_b", start));
    }
}

TEST_CASE("a lock that was not asked for in five seconds is forgotten") {
    LockWaits waits;
    waits.ended(statement, "o_a", true, start);
    CHECK(waits.admit(statement, "o_a", start + 5s));
    CHECK(waits.admit(statement, "o_a", start + 5s));
}
