#pragma once

// Token buckets of many callers in a table of fixed size. Taking from one is a look at four
// neighbouring slots: nothing is allocated or locked. Where a caller finds no slot, the fullest of
// the four is given up; a full bucket is as good as none, and otherwise its caller begins again
// with a full one. One thread; pure.

#include <cstdint>
#include <vector>

#include "control-plane/quotas/bucket.hpp"

namespace fanion::cp::quotas {

class RateTable {
public:
    // At least as many buckets as `capacity`.
    explicit RateTable(std::size_t capacity);

    // `key`: a hash of the caller.
    Standing take(std::uint64_t key, Rate rate, Nanoseconds now) noexcept;
    Standing look(std::uint64_t key, Rate rate, Nanoseconds now) const noexcept;

private:
    struct Slot {
        std::uint64_t key = 0;  // 0: empty
        Nanoseconds full_at = 0;
    };
    static constexpr std::size_t ways = 4;
    std::size_t first_of(std::uint64_t key) const noexcept { return (key % sets_) * ways; }

    std::size_t sets_;
    std::vector<Slot> slots_;
};

}  // namespace fanion::cp::quotas
