#include "relay/app/relay_id.hpp"

#include <filesystem>

#include "common/base/file.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::app {

namespace {

std::string id_file(const std::string& directory) { return directory + "/relay-id"; }

}  // namespace

std::string load_relay_id(const std::string& directory) {
    const auto path = id_file(directory);
    if (const auto text = cache::read_whole_file(path, 1024); text && *text) {
        std::string id(trim(**text));
        if (is_valid_key(id)) return id;
    }
    auto id = random_id("relay-");
    static_cast<void>(replace_file(path, id + "\n", Durability::power_cut));
    return id;
}

bool restore_relay_id(const std::string& directory, const std::string& id) {
    std::error_code error;
    if (std::filesystem::exists(id_file(directory), error) || error) return false;
    return replace_file(id_file(directory), id + "\n", Durability::power_cut).has_value();
}

}  // namespace fanion::relay::app
