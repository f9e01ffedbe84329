#include "control-plane/publish/environment_image.hpp"

#include <utility>

namespace fanion::cp::publish {

ImagePtr ImageCache::find(const access::EnvironmentId& env_id) {
    const auto* found = images_.find(env_id.str());
    return found ? *found : nullptr;
}

void ImageCache::put(const access::EnvironmentId& env_id, ImagePtr image) {
    constexpr std::size_t overhead_per_item = 256;  // bytes: map node, key, hash, the body's control block
    const auto* held = images_.find(env_id.str());
    if (held && (*held)->version >= image->version) return;
    const auto cost = image->items.bytes() + image->items.size() * overhead_per_item;
    images_.put(env_id.str(), std::move(image), cost);
}

}  // namespace fanion::cp::publish
