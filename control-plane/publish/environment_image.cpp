#include "control-plane/publish/environment_image.hpp"

#include <utility>

namespace fanion::cp::publish {

ImagePtr ImageCache::find(const access::EnvironmentId& env_id) {
    const std::lock_guard lock(mutex_);
    const auto* found = images_.find(env_id.str());
    return found ? *found : nullptr;
}

void ImageCache::put(const access::EnvironmentId& env_id, ImagePtr image) {
    constexpr std::size_t overhead_per_item = 256;  // bytes: key, hash, the body's control block
    const auto cost = image->items.bytes() + image->items.size() * overhead_per_item;
    ImagePtr replaced;  // is let go after the lock, because it may be large
    const std::lock_guard lock(mutex_);
    if (const auto* held = images_.find(env_id.str())) replaced = *held;
    if (replaced && replaced->version >= image->version) return;
    images_.put(env_id.str(), std::move(image), cost);
}

void ImageCache::erase(const access::EnvironmentId& env_id) {
    ImagePtr erased;  // is let go after the lock, too
    const std::lock_guard lock(mutex_);
    if (const auto* held = images_.find(env_id.str())) erased = *held;
    images_.erase(env_id.str());
}

}  // namespace fanion::cp::publish
