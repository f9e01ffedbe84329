#include "relay/app/cache_lock.hpp"

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::app {

Result<CacheLock> CacheLock::take(const std::string& directory) {
    auto lock = FileLock::try_acquire_directory(directory);
    if (!lock) return lock.error();
    return CacheLock(std::move(*lock));
}

std::string kept_relay_id(const std::string& directory) {
    const auto path = directory + "/relay-id";
    if (const auto text = cache::read_whole_file(path, 1024); text && *text) {
        std::string id(trim(**text));
        if (is_valid_key(id)) return id;
    }
    auto id = random_id("relay-");
    static_cast<void>(
        replace_file(path, id + "\n", Durability::power_cut));  // not kept: another name at the next start
    return id;
}

}  // namespace fanion::relay::app
