#pragma once

// Which exposures a worker has noted lately: a unit that sees the same variation again is no news.
// Holds fingerprints of 64 bits in two generations of twelve hours, or less where more of them
// come; so a repeat may be noted again, and about one in 10^13 exposures is taken for a repeat. One
// thread.

#include <cstdint>
#include <vector>

#include "common/base/clock.hpp"

namespace fanion::relay::intake {

class RecentExposures {
public:
    static constexpr std::size_t slots = 128 * 1024;  // of a generation: 1 MiB
    static constexpr UnixMillis generation = 12 * 3'600'000;

    // Whether it was not noted before. It is from now on.
    bool add(std::uint64_t fingerprint, UnixMillis now);

private:
    using Set = std::vector<std::uint64_t>;  // 0: free
    static std::uint64_t* place(Set& set, std::uint64_t fingerprint) noexcept;

    Set present_;  // made when first needed
    Set previous_;
    std::size_t used_ = 0;  // of present_
    UnixMillis began_ = 0;
};

}  // namespace fanion::relay::intake
