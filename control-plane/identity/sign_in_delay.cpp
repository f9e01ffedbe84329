#include "control-plane/identity/sign_in_delay.hpp"

#include <algorithm>

namespace fanion::cp::identity {

using std::chrono::milliseconds;

milliseconds delay_at_address(std::uint32_t failures) noexcept {
    constexpr std::uint32_t free = 2;
    constexpr milliseconds longest{60'000};
    if (failures <= free) return milliseconds{0};
    const auto doublings = std::min<std::uint32_t>(failures - free - 1, 7);
    return std::min(milliseconds{500U << doublings}, longest);
}

milliseconds delay_of_account(std::uint32_t failures) noexcept { return milliseconds{failures < 10 ? 0 : 2'000}; }

}  // namespace fanion::cp::identity
