#pragma once

// When something that was fetched from a provider is used, and when it is fetched again. Pure.

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "common/base/clock.hpp"

namespace fanion::cp::sign_on {

inline constexpr UnixMillis fresh_for = 60LL * 60 * 1000;
inline constexpr UnixMillis usable_for = 24LL * 60 * 60 * 1000;  // while the provider cannot be reached
inline constexpr UnixMillis long_ago = std::numeric_limits<UnixMillis>::min() / 2;
inline constexpr UnixMillis fetch_pause = 5LL * 1000;  // a provider is not asked more often

template <class T>
struct Kept {
    std::shared_ptr<const T> value;  // null: none was ever fetched
    UnixMillis fetched_at = long_ago;
    UnixMillis failed_at = long_ago;

    // Fetches that are under way do not count: who comes meanwhile and has nothing fetches too.
    bool may_fetch(UnixMillis now) const noexcept {
        const auto last = std::max(fetched_at, failed_at);
        return now - last >= fetch_pause || now < last;
    }
    bool is_fresh(UnixMillis now) const noexcept { return value && now - fetched_at < fresh_for; }
    // The value; null when there is none, or it is too old.
    std::shared_ptr<const T> usable(UnixMillis now) const noexcept {
        return value && now - fetched_at < usable_for ? value : nullptr;
    }
    void put(std::shared_ptr<const T> fetched, UnixMillis now) noexcept {
        value = std::move(fetched);
        fetched_at = now;
    }
};

}  // namespace fanion::cp::sign_on
