#pragma once

// How many streams of live changes each person has open at this replica, on all its threads.
// Thread-safe.

#include <cstddef>
#include <map>
#include <mutex>

#include "control-plane/access/ids.hpp"

namespace fanion::cp::live {

class StreamCounts {
public:
    // Counts one more. False, and nothing is counted: the person has `most`.
    bool enter(const access::UserId& user_id, std::size_t most);
    // One that was counted has ended.
    void leave(const access::UserId& user_id);

private:
    std::mutex mutex_;
    std::map<access::UserId, std::size_t> open_;  // of those who have one
};

}  // namespace fanion::cp::live
