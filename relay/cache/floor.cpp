#include "relay/cache/floor.hpp"

#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t largest_floor_file = 1024;

std::string floor_path(const std::string& directory) { return directory + "/floor"; }

}  // namespace

std::string format_floor(const wire::Floor& floor) {
    std::string text = "fanion-floor 1 " + wire::to_string(floor.version) + " " + to_hex(floor.root) + " ";
    text += to_hex(sha256(text));
    text += '\n';
    return text;
}

std::optional<wire::Floor> parse_floor(std::string_view text) {
    if (!text.ends_with('\n')) return std::nullopt;
    const auto words = split(text.substr(0, text.size() - 1), ' ');
    if (words.size() != 5 || words[0] != "fanion-floor" || words[1] != "1") return std::nullopt;
    const auto version = wire::parse_version(words[2]);
    const auto root = sha256_from_hex(words[3]);
    const auto sum = sha256_from_hex(words[4]);
    const auto summed = text.substr(0, text.size() - 1 - words[4].size());
    if (!version || !root || !sum || *sum != sha256(summed)) return std::nullopt;
    return wire::Floor{*version, *root};
}

LoadedFloor load_floor(const std::string& directory) {
    LoadedFloor loaded;
    const auto text = read_whole_file(floor_path(directory), largest_floor_file);
    if (!text) {
        loaded.problem = text.error().detail;
    } else if (*text) {
        loaded.floor = parse_floor(**text);
        if (!loaded.floor) loaded.problem = "the floor file is damaged";
    }
    return loaded;
}

Result<> save_floor(const std::string& directory, const wire::Floor& floor) {
    return replace_file(floor_path(directory), format_floor(floor), Durability::power_cut);
}

wire::Floor raised(const std::optional<wire::Floor>& floor, const wire::Floor& to) {
    return floor && floor->version > to.version ? *floor : to;
}

}  // namespace fanion::relay::cache
