#include "control-plane/identity/sign_in_delay.hpp"

#include <algorithm>

namespace fanion::cp::identity {

using std::chrono::milliseconds;

namespace {

void forget_old(SignInFailures& failures, UnixMillis now) noexcept {
    constexpr auto memory = std::chrono::duration_cast<milliseconds>(sign_in_memory).count();
    if (failures.last_at + memory < now) failures = {};
}

void count(SignInFailures& failures, UnixMillis turn) noexcept {
    ++failures.count;
    failures.last_at = std::max(failures.last_at, turn);
}

}  // namespace

milliseconds delay_at_address(std::uint32_t failures) noexcept {
    constexpr std::uint32_t free = 2;
    constexpr milliseconds longest{60'000};
    if (failures <= free) return milliseconds{0};
    const auto doublings = std::min<std::uint32_t>(failures - free - 1, 7);
    return std::min(milliseconds{500U << doublings}, longest);
}

milliseconds spacing_of_account(std::uint32_t failures) noexcept {
    if (failures < 10) return milliseconds{0};
    return milliseconds{failures < 100 ? 2'000 : 10'000};
}

Reservation reserve_attempt(SignInFailures& account, SignInFailures& at_address, bool is_known_address,
                            UnixMillis now) noexcept {
    forget_old(account, now);
    forget_old(at_address, now);
    auto turn = std::max(now, at_address.retry_after);
    if (!is_known_address) turn = std::max(turn, account.retry_after);
    const milliseconds wait(turn - now);
    if (wait >= sign_in_patience) return {false, wait - sign_in_patience + milliseconds{1}};
    count(account, turn);
    count(at_address, turn);
    at_address.retry_after = turn + delay_at_address(at_address.count).count();
    if (!is_known_address) account.retry_after = turn + spacing_of_account(account.count).count();
    return {true, wait};
}

void take_back(SignInFailures& failures) noexcept {
    if (failures.count > 0) --failures.count;
}

}  // namespace fanion::cp::identity
