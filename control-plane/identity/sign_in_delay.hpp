#pragma once

// How long failed sign-ins delay the next one. Nobody is ever locked out: the delay of one account
// from one address grows to a minute at most; failures of an account from elsewhere delay its owner
// by two seconds at most. Pure.

#include <chrono>
#include <cstdint>

namespace fanion::cp::identity {

// Failures no longer count when there was none for this long.
inline constexpr std::chrono::minutes sign_in_memory{15};
// A longer delay is answered with 429 and Retry-After instead of keeping the request waiting.
inline constexpr std::chrono::seconds sign_in_patience{10};

// One account from one address: none for the first two failures, then 0.5 s, doubled with each up
// to 60 s.
std::chrono::milliseconds delay_at_address(std::uint32_t failures) noexcept;
// One account from anywhere: none for the first nine failures, then 2 s.
std::chrono::milliseconds delay_of_account(std::uint32_t failures) noexcept;

}  // namespace fanion::cp::identity
