#pragma once

// The content of one environment at one version in memory, and the bounded cache of these that
// publishers, feeds and streams of all threads share. Images are immutable; the cache is
// thread-safe. What it does not hold is read from the database.

#include <memory>
#include <mutex>
#include <string_view>

#include "common/base/lru_cache.hpp"
#include "common/eval/compile/ruleset.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"

namespace fanion::cp::publish {

struct EnvironmentImage {
    wire::Version version;
    Sha256 root{};
    wire::ItemSet items;
    // Compiled from these items or an earlier version's; the next compile reuses what did not
    // change. May be null.
    eval::RulesetPtr ruleset;
};
using ImagePtr = std::shared_ptr<const EnvironmentImage>;  // shared: the blocking pool reads it while it is replaced

class ImageCache {
public:
    explicit ImageCache(std::size_t max_bytes = 256u * 1024 * 1024) : images_(max_bytes) {}

    ImagePtr find(const access::EnvironmentId& env_id);
    // Ignored unless the image is newer than the one held.
    void put(const access::EnvironmentId& env_id, ImagePtr image);
    void erase(const access::EnvironmentId& env_id);

private:
    std::mutex mutex_;
    LruCache<ImagePtr> images_;
};

}  // namespace fanion::cp::publish
