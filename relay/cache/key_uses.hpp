#pragma once

// When applications' keys were last used here, to the minute: recorded by the workers, reported
// upstream by the control thread, kept in memory only.

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/status.hpp"

namespace fanion::relay::cache {

inline constexpr UnixMillis key_use_resolution = 60'000;

// Of one key. Thread-safe.
class KeyUse {
public:
    // One load, and one store a minute: threads that use the same key rarely contend for its cache
    // line. When two threads store at the same time, either wins.
    void record(UnixMillis now) noexcept {
        const auto minute = now - now % key_use_resolution;
        if (minute_.load(std::memory_order_relaxed) < minute) minute_.store(minute, std::memory_order_relaxed);
    }
    UnixMillis minute() const noexcept { return minute_.load(std::memory_order_relaxed); }  // 0: never

private:
    std::atomic<UnixMillis> minute_{0};
};

// Of all keys. One thread (the control thread).
class KeyUses {
public:
    // The key with this id. Shared, because states that workers read outlive the version that named
    // the key.
    std::shared_ptr<KeyUse> of(const std::string& key_id);

    // Uses not reported yet, at most wire::most_key_uses. Forgets keys that are no longer
    // referenced and fully reported.
    std::vector<wire::KeyUse> due();
    // Upstream accepted these.
    void reported(const std::vector<wire::KeyUse>& uses);

private:
    struct Known {
        std::shared_ptr<KeyUse> use = std::make_shared<KeyUse>();
        UnixMillis reported = 0;
    };
    std::map<std::string, Known> known_;  // by key id
};

}  // namespace fanion::relay::cache
