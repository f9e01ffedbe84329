#include "common/store/folder_store.hpp"

#include <filesystem>

#include "common/base/file.hpp"

namespace fanion::store {

namespace fs = std::filesystem;

namespace {

constexpr int deepest = 2;  // env/<env_id>/<file>

Error folder_error(const std::string& path, const std::error_code& error) {
    const bool is_denied = error == std::errc::permission_denied;
    return {is_denied ? Errc::forbidden : Errc::unavailable, path + ": " + error.message()};
}

}  // namespace

Result<std::vector<std::string>> FolderStore::list() {
    std::error_code error;
    std::vector<std::string> names;
    std::size_t bytes = 0;
    fs::recursive_directory_iterator at(folder_, error);
    if (error) return folder_error(folder_, error);
    for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (error) return folder_error(folder_, error);
        if (at.depth() >= deepest) at.disable_recursion_pending();
        std::error_code ignored;
        if (!at->is_regular_file(ignored)) continue;
        names.push_back(at->path().lexically_relative(folder_).generic_string());
        bytes += names.back().size();
        if (bytes > most_names_bytes) return Error{Errc::too_large, folder_ + " has too many files"};
    }
    if (error) return folder_error(folder_, error);
    return names;
}

Result<std::string> FolderStore::get(const std::string& name, std::size_t limit) {
    return read_regular_file(path_of(name), limit);
}

Result<> FolderStore::put(const std::string& name, std::string_view bytes) {
    const auto path = path_of(name);
    std::error_code error;
    fs::create_directories(fs::path(path).parent_path(), error);
    if (error) return folder_error(path, error);
    return replace_file(path, bytes, Durability::power_cut);
}

Result<> FolderStore::remove(const std::string& name) {
    std::error_code error;
    fs::remove(path_of(name), error);
    if (error) return folder_error(path_of(name), error);
    return {};
}

}  // namespace fanion::store
