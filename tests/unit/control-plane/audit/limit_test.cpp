#include "control-plane/audit/limit.hpp"

#include <catch2/catch.hpp>

using fanion::cp::audit::AuditLimit;

namespace {

constexpr auto suppressed = std::nullopt;
using Admitted = std::optional<std::uint64_t>;

}  // namespace

TEST_CASE("of each subject one entry a minute is written, and says how many were left out") {
    AuditLimit limit;
    CHECK(limit.admit("a", 1'000) == Admitted(0));
    CHECK(limit.admit("a", 1'000) == suppressed);
    CHECK(limit.admit("b", 1'000) == Admitted(0));
    CHECK(limit.admit("a", 60'999) == suppressed);
    CHECK(limit.admit("a", 61'000) == Admitted(2));
    CHECK(limit.admit("a", 120'999) == suppressed);
    CHECK(limit.admit("a", 121'000) == Admitted(1));
    CHECK(limit.admit("a", 181'000) == Admitted(0));
}

TEST_CASE("an entry that could not be written is counted, and the next may come at once") {
    AuditLimit limit;
    REQUIRE(limit.admit("a", 0) == Admitted(0));
    REQUIRE(limit.admit("a", 0) == suppressed);
    limit.give_back("a", 0);
    CHECK(limit.admit("a", 1) == Admitted(2));
    limit.give_back("a", 2);
    CHECK(limit.admit("a", 1) == Admitted(3));
    CHECK(limit.admit("a", 2) == suppressed);
    limit.give_back("nobody", 7);
    CHECK(limit.admit("nobody", 2) == Admitted(0));
}

TEST_CASE("a clock that is set back neither opens the log nor closes it for longer than a minute") {
    AuditLimit limit;
    REQUIRE(limit.admit("a", 7'200'000) == Admitted(0));
    CHECK(limit.admit("a", 1'000) == suppressed);
    CHECK(limit.admit("a", 60'999) == suppressed);
    CHECK(limit.admit("a", 61'000) == Admitted(2));
}

TEST_CASE("subjects beyond the capacity are left out until a minute of others is over") {
    AuditLimit limit(2);
    CHECK(limit.admit("a", 0) == Admitted(0));
    CHECK(limit.admit("b", 30'000) == Admitted(0));
    CHECK(limit.admit("c", 30'000) == suppressed);
    CHECK(limit.admit("a", 60'000) == Admitted(0));  // known ones have their places
    CHECK(limit.admit("c", 60'000) == suppressed);
    CHECK(limit.admit("c", 90'000) == Admitted(0));  // in the place of b
    CHECK(limit.admit("d", 90'000) == suppressed);
    CHECK(limit.admit("d", 90'999) == suppressed);
}
