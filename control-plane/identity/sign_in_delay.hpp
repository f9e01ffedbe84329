#pragma once

// How failed sign-ins hold up the next ones: how many passwords can be tried, whoever tries and
// from wherever. An attempt counts as failed from the moment it is admitted, so that attempts that
// run at the same time are in turn too; one that succeeds is taken back. Pure.
//
// Nobody is ever locked out. One account at one address waits a minute at most. From addresses
// where the person has not signed in before, all attempts of an account share one rate; an owner
// who is held up by strangers can sign in from where they did before.

#include <chrono>
#include <cstdint>

#include "common/base/clock.hpp"

namespace fanion::cp::identity {

// Failures no longer count when there was none for this long.
inline constexpr std::chrono::minutes sign_in_memory{15};
// An attempt whose turn is not sooner is refused, with 429 and Retry-After.
inline constexpr std::chrono::seconds sign_in_patience{10};

// What is remembered of an account, or of an account at one address.
struct SignInFailures {
    std::uint32_t count = 0;  // attempts in progress included
    UnixMillis last_at = 0;
    UnixMillis retry_after = 0;  // the next attempt is not made before

    friend bool operator==(const SignInFailures&, const SignInFailures&) = default;
};

// After the failures of one account at one address: none for the first two, then 0.5 s, doubled
// with each up to 60 s.
std::chrono::milliseconds delay_at_address(std::uint32_t failures) noexcept;
// Between attempts of one account at addresses that are new to it: none for the first nine
// failures, then 2 s, from the hundredth on 10 s.
std::chrono::milliseconds spacing_of_account(std::uint32_t failures) noexcept;

struct Reservation {
    bool is_admitted = false;
    std::chrono::milliseconds wait{0};  // until the attempt may be made; if it is refused, until one would be admitted
};
// Reserves the turn of an attempt: counts it in both memories, unless it is refused.
// `is_known_address`: the person has signed in there before.
Reservation reserve_attempt(SignInFailures& account, SignInFailures& at_address, bool is_known_address,
                            UnixMillis now) noexcept;

// Takes back one attempt that did not fail.
void take_back(SignInFailures& failures) noexcept;

}  // namespace fanion::cp::identity
