#include "relay/intake/recent_exposures.hpp"

#include <algorithm>
#include <utility>

namespace fanion::relay::intake {

// The fingerprint's place, or a free one for it: a quarter of a set is always free.
std::uint64_t* RecentExposures::place(Set& set, std::uint64_t fingerprint) noexcept {
    std::size_t at = fingerprint % slots;
    while (set[at] != 0 && set[at] != fingerprint) at = (at + 1) % slots;
    return &set[at];
}

bool RecentExposures::add(std::uint64_t fingerprint, UnixMillis now) {
    fingerprint = std::max<std::uint64_t>(fingerprint, 1);
    if (present_.empty() || 4 * used_ >= 3 * slots || now >= began_ + generation) {
        previous_ = std::exchange(present_, Set(slots));
        used_ = 0;
        began_ = now;
    }
    auto* const own = place(present_, fingerprint);
    if (*own == fingerprint) return false;
    *own = fingerprint;
    ++used_;
    return previous_.empty() || *place(previous_, fingerprint) != fingerprint;
}

}  // namespace fanion::relay::intake
