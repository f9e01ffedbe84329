#pragma once

// Which batches of SDKs were accepted lately, so that a repeated one is not accepted twice. Bounded
// by number and age: older ids are forgotten. One thread.

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_set>

#include "common/base/clock.hpp"

namespace fanion::relay::intake {

class RecentIds {
public:
    static constexpr std::size_t most = 4'096;
    static constexpr UnixMillis kept_for = 10 * 60'000;

    bool contains(const std::string& id, UnixMillis now);
    void add(std::string id, UnixMillis now);

private:
    struct Known {
        const std::string* id;  // in ids_, where it stays
        UnixMillis at;
    };
    void forget_oldest();

    std::unordered_set<std::string> ids_;
    std::deque<Known> order_;
};

}  // namespace fanion::relay::intake
