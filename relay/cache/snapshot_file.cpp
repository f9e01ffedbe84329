#include "relay/cache/snapshot_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <system_error>

#include "relay/cache/durable_file.hpp"

namespace fanion::relay::cache {
namespace {

constexpr std::string_view suffix = ".ruleset";

std::vector<std::string> names_in(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code reason;
    for (std::filesystem::directory_iterator at(directory, reason), end; !reason && at != end; at.increment(reason)) {
        names.push_back(at->path().filename().string());
    }
    return names;
}

void remove_file(const std::string& path) {
    std::error_code ignored;  // tried again after the next save
    std::filesystem::remove(path, ignored);
}

}  // namespace

std::string SnapshotFiles::path_of(wire::Version version) const {
    return directory_ + "/" + wire::to_string(version) + std::string(suffix);
}

Result<> SnapshotFiles::save(wire::Version version, std::string_view bytes) const {
    if (auto made = make_directories(directory_); !made) return made;
    return replace_file(path_of(version), bytes, Durability::power_cut);
}

std::vector<wire::Version> SnapshotFiles::list() const {
    std::vector<wire::Version> versions;
    for (const auto& name : names_in(directory_)) {
        if (!name.ends_with(suffix)) continue;
        if (const auto version = wire::parse_version(name.substr(0, name.size() - suffix.size()))) {
            versions.push_back(*version);
        }
    }
    std::sort(versions.begin(), versions.end(), std::greater<>());
    return versions;
}

Result<std::string> SnapshotFiles::load(wire::Version version, std::size_t limit) const {
    auto bytes = read_whole_file(path_of(version), limit);
    if (!bytes) return bytes.error();
    if (!*bytes) return Error{Errc::not_found, "no snapshot " + wire::to_string(version)};
    return std::move(**bytes);
}

bool SnapshotFiles::is_missing(wire::Version version) const {
    return ::access(path_of(version).c_str(), F_OK) != 0 && errno == ENOENT;
}

void SnapshotFiles::prune(std::optional<wire::Version> proven) const {
    const auto versions = list();
    for (std::size_t i = kept; i < versions.size(); ++i) {
        if (versions[i] != proven) remove_file(path_of(versions[i]));
    }
    for (const auto& name : names_in(directory_)) {
        if (name.ends_with(".ruleset.tmp")) remove_file(directory_ + "/" + name);
    }
}

// The newest last: a process that is killed meanwhile leaves no older one for the next to serve.
void SnapshotFiles::erase_all() const {
    auto versions = list();
    std::reverse(versions.begin(), versions.end());
    for (const auto version : versions) remove_file(path_of(version));
    prune(std::nullopt);
}

}  // namespace fanion::relay::cache
