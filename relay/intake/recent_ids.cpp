#include "relay/intake/recent_ids.hpp"

namespace fanion::relay::intake {

void RecentIds::forget_oldest() {
    ids_.erase(ids_.find(*order_.front().id));
    order_.pop_front();
}

bool RecentIds::contains(const std::string& id, UnixMillis now) {
    while (!order_.empty() && order_.front().at + kept_for <= now) forget_oldest();
    return ids_.find(id) != ids_.end();
}

void RecentIds::add(std::string id, UnixMillis now) {
    const auto [at, is_new] = ids_.insert(std::move(id));
    if (!is_new) return;
    order_.push_back({&*at, now});
    if (order_.size() > most) forget_oldest();
}

}  // namespace fanion::relay::intake
