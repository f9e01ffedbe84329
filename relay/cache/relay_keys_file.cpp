#include "relay/cache/relay_keys_file.hpp"

#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t hash_length = 2 * sizeof(Sha256) + 1;  // in hex, with a space or the line's end
constexpr std::size_t largest_relay_keys_file = 32 + (most_former_keys + 1) * hash_length;

std::string relay_keys_path(const std::string& directory) { return directory + "/relay-keys"; }

}  // namespace

std::string format_relay_keys(const std::vector<Sha256>& hashes) {
    std::string text = "fanion-relay-keys 1 ";
    for (const auto& hash : hashes) text += to_hex(hash) + ' ';
    text += to_hex(sha256(text));
    text += '\n';
    return text;
}

std::optional<std::vector<Sha256>> parse_relay_keys(std::string_view text) {
    if (text.size() > largest_relay_keys_file || !text.ends_with('\n')) return std::nullopt;
    const auto words = split(text.substr(0, text.size() - 1), ' ');
    if (words.size() < 3 || words.size() > 3 + most_former_keys) return std::nullopt;
    if (words[0] != "fanion-relay-keys" || words[1] != "1") return std::nullopt;
    const auto sum = sha256_from_hex(words.back());
    if (!sum || *sum != sha256(text.substr(0, text.size() - 1 - words.back().size()))) return std::nullopt;
    std::vector<Sha256> hashes;
    for (std::size_t i = 2; i + 1 < words.size(); ++i) {
        const auto hash = sha256_from_hex(words[i]);
        if (!hash) return std::nullopt;
        hashes.push_back(*hash);
    }
    return hashes;
}

LoadedRelayKeys load_relay_keys(const std::string& directory) {
    const auto text = read_whole_file(relay_keys_path(directory), largest_relay_keys_file);
    if (!text) return {{}, text.error().detail};
    if (!*text) return {};
    auto hashes = parse_relay_keys(**text);
    if (!hashes) return {{}, "the file is damaged"};
    return {std::move(*hashes), std::nullopt};
}

Result<> save_relay_keys(const std::string& directory, const std::vector<Sha256>& hashes) {
    return replace_file(relay_keys_path(directory), format_relay_keys(hashes), Durability::process);
}

}  // namespace fanion::relay::cache
