#include "relay/events/unknown_flags.hpp"

#include "common/base/text.hpp"

namespace fanion::relay::events {

bool UnknownFlags::admit(std::string_view env, std::string_view flag) {
    if (!is_valid_key(flag)) return false;
    const std::lock_guard lock(mutex_);
    auto place = known_.find(env);
    if (place == known_.end()) place = known_.emplace(std::string(env), std::set<std::string, std::less<>>()).first;
    auto& flags = place->second;
    if (flags.find(flag) != flags.end()) return true;
    if (flags.size() == per_environment) return false;
    flags.emplace(flag);
    return true;
}

}  // namespace fanion::relay::events
