#pragma once

// How long failed sign-ins make the next one wait. Nobody is ever locked out: the wait for one account from one address
// grows to a minute and no further; an account that fails from everywhere costs its owner two seconds at most. Pure.

#include <chrono>
#include <cstdint>

namespace fanion::cp::identity {

// Failures are forgotten after this long without one.
inline constexpr std::chrono::minutes sign_in_memory{15};
// A longer wait is not sat out on the connection but answered with 429 and Retry-After.
inline constexpr std::chrono::seconds sign_in_patience{10};

// Of one account from one address: nothing for the first two failures, then 0.5 s doubling up to 60 s.
std::chrono::milliseconds delay_at_address(std::uint32_t failures) noexcept;
// Of one account from anywhere: nothing for the first nine, then 2 s.
std::chrono::milliseconds delay_of_account(std::uint32_t failures) noexcept;

}  // namespace fanion::cp::identity
