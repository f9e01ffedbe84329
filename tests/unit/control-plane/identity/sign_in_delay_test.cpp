#include "control-plane/identity/sign_in_delay.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fanion::cp::identity;
using namespace std::chrono_literals;
using fanion::UnixMillis;

namespace {

constexpr UnixMillis start = 1'763'720'000'000;

// One account, tried from one address after the other or from one alone.
struct Memory {
    SignInFailures account;
    SignInFailures at_address;

    Reservation from_here(UnixMillis now, bool is_known = false) {
        return reserve_attempt(account, at_address, is_known, now);
    }
    Reservation from_elsewhere(UnixMillis now) {
        SignInFailures fresh;
        return reserve_attempt(account, fresh, false, now);
    }
};

}  // namespace

TEST_CASE("the wait at one address doubles from the third failure on and ends at a minute") {
    CHECK(delay_at_address(0) == 0ms);
    CHECK(delay_at_address(2) == 0ms);
    CHECK(delay_at_address(3) == 500ms);
    CHECK(delay_at_address(4) == 1s);
    CHECK(delay_at_address(9) == 32s);
    CHECK(delay_at_address(10) == 60s);
    CHECK(delay_at_address(4'000'000'000) == 60s);
}

TEST_CASE("attempts of an account from anywhere are spaced from the tenth failure on, more so from the hundredth") {
    CHECK(spacing_of_account(9) == 0ms);
    CHECK(spacing_of_account(10) == 2s);
    CHECK(spacing_of_account(99) == 2s);
    CHECK(spacing_of_account(100) == 10s);
    CHECK(spacing_of_account(4'000'000'000) == 10s);
}

TEST_CASE("of thirty attempts from one address at the same time, seven are admitted, each in its turn") {
    Memory memory;
    std::vector<std::chrono::milliseconds> waits;
    int refused = 0;
    for (int i = 0; i < 30; ++i) {
        const auto reservation = memory.from_here(start);
        if (reservation.is_admitted) {
            waits.push_back(reservation.wait);
        } else {
            CHECK(reservation.wait == 5501ms);
            ++refused;
        }
    }
    CHECK(waits == std::vector<std::chrono::milliseconds>{0ms, 0ms, 0ms, 500ms, 1500ms, 3500ms, 7500ms});
    CHECK(refused == 23);
}

TEST_CASE("attempts from ever new addresses share the rate of the account") {
    Memory memory;
    int admitted = 0;
    for (UnixMillis now = start; now < start + 60'000; now += 10) {  // a hundred a second, for a minute
        if (memory.from_elsewhere(now).is_admitted) ++admitted;
    }
    CHECK(admitted == 10 + 34);  // what is free, and one for every 2 s up to ten seconds after the minute
}

TEST_CASE("where a person has signed in before, failures from elsewhere do not delay them") {
    Memory memory;
    for (int i = 0; i < 1'000; ++i) memory.from_elsewhere(start);
    CHECK_FALSE(memory.from_elsewhere(start).is_admitted);
    CHECK_FALSE(memory.from_here(start).is_admitted);
    const auto known = memory.from_here(start, true);
    CHECK(known.is_admitted);
    CHECK(known.wait == 0ms);
}

TEST_CASE("a refused attempt changes nothing, so that refusals do not keep anybody waiting") {
    Memory memory;
    for (int i = 0; i < 7; ++i) memory.from_here(start);
    const auto account = memory.account;
    const auto at_address = memory.at_address;
    CHECK_FALSE(memory.from_here(start).is_admitted);
    CHECK(memory.account == account);
    CHECK(memory.at_address == at_address);
    CHECK_FALSE(memory.from_here(start + 5'500).is_admitted);
    CHECK(memory.from_here(start + 5'501).is_admitted);  // when the refusal said
}

TEST_CASE("an attempt that did not fail is taken back") {
    Memory memory;
    memory.from_here(start);
    take_back(memory.account);
    CHECK(memory.account.count == 0);
    take_back(memory.account);
    CHECK(memory.account.count == 0);
}

TEST_CASE("failures are forgotten when there was none for fifteen minutes") {
    Memory memory;
    for (int i = 0; i < 3; ++i) memory.from_here(start);
    memory.from_here(start + 900'000);
    CHECK(memory.account.count == 4);
    memory.from_here(start + 1'800'001);
    CHECK(memory.account.count == 1);
    CHECK(memory.at_address.count == 1);
}
