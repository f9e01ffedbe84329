#include "control-plane/publish/environment_image.hpp"

#include <utility>

namespace fanion::cp::publish {

ImagePtr ImageCache::find(std::string_view env_id) {
    const auto* found = images_.find(env_id);
    return found ? *found : nullptr;
}

void ImageCache::put(std::string_view env_id, ImagePtr image) {
    constexpr std::size_t overhead_per_item = 256;  // map node, key, hash, shared body's head
    const auto* held = images_.find(env_id);
    if (held && (*held)->version >= image->version) return;
    const auto cost = image->items.bytes() + image->items.size() * overhead_per_item;
    images_.put(env_id, std::move(image), cost);
}

}  // namespace fanion::cp::publish
