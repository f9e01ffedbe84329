#include "relay/cache/head_file.hpp"

#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::size_t largest_head_file = 16 * 1024;

std::string head_path(const std::string& directory) { return directory + "/head"; }

}  // namespace

LoadedHead load_head(const std::string& directory, const wire::TrustDocument& trust, std::string_view env_id) {
    const auto bytes = read_whole_file(head_path(directory), largest_head_file);
    if (!bytes) return {std::nullopt, {}, bytes.error().detail};
    if (!*bytes) return {};
    wire::Expected expected;
    expected.env_id = env_id;
    auto checked = wire::accept_head(**bytes, trust, expected);
    if (const auto* rejection = std::get_if<wire::Rejection>(&checked)) {
        return {std::nullopt, {}, std::string(name_of(rejection->code)) + ": " + rejection->detail};
    }
    auto& manifest = std::get<wire::AcceptedHead>(checked).manifest;
    return {std::move(manifest), **bytes, std::nullopt};
}

Result<> save_head(const std::string& directory, std::string_view bytes) {
    return replace_file(head_path(directory), bytes, Durability::process);
}

}  // namespace fanion::relay::cache
