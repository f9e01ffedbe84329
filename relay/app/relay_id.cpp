#include "relay/app/relay_id.hpp"

#include "common/base/file.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::app {

std::string load_relay_id(const std::string& directory) {
    const auto path = directory + "/relay-id";
    if (const auto text = cache::read_whole_file(path, 1024); text && *text) {
        std::string id(trim(**text));
        if (is_valid_key(id)) return id;
    }
    auto id = random_id("relay-");
    static_cast<void>(replace_file(path, id + "\n", Durability::power_cut));
    return id;
}

}  // namespace fanion::relay::app
