#include "control-plane/live/stream_counts.hpp"

namespace fanion::cp::live {

bool StreamCounts::enter(const access::UserId& user_id, std::size_t most) {
    const std::lock_guard lock(mutex_);
    const auto at = open_.try_emplace(user_id, 0).first;
    if (at->second < most) {
        ++at->second;
        return true;
    }
    if (at->second == 0) open_.erase(at);
    return false;
}

void StreamCounts::leave(const access::UserId& user_id) {
    const std::lock_guard lock(mutex_);
    const auto at = open_.find(user_id);
    if (at != open_.end() && --at->second == 0) open_.erase(at);
}

}  // namespace fanion::cp::live
