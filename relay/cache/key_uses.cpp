#include "relay/cache/key_uses.hpp"

#include <algorithm>

namespace fanion::relay::cache {

std::shared_ptr<KeyUse> KeyUses::of(const std::string& key_id) { return known_[key_id].use; }

std::vector<wire::KeyUse> KeyUses::due() {
    std::erase_if(known_, [](const auto& entry) {
        const Known& known = entry.second;
        return known.use.use_count() == 1 && known.use->minute() <= known.reported;
    });
    std::vector<wire::KeyUse> uses;
    for (const auto& [key_id, known] : known_) {
        const auto minute = known.use->minute();
        if (minute > known.reported && uses.size() < wire::most_key_uses) uses.push_back({key_id, minute});
    }
    return uses;
}

void KeyUses::reported(const std::vector<wire::KeyUse>& uses) {
    for (const auto& use : uses) {
        const auto at = known_.find(use.id);
        if (at != known_.end()) at->second.reported = std::max(at->second.reported, use.at);
    }
}

}  // namespace fanion::relay::cache
