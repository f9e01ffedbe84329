#include "common/cli/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/file.hpp"

namespace fanion::cli {

Result<std::string> read_file(const std::string& path) {
    const bool is_input = path == "-";
    const UniqueFd file(is_input ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text;
    const bool read = (is_input || file) && read_to_end(is_input ? STDIN_FILENO : file.get(), text, any_size);
    if (!read) return errno_error(Errc::invalid_input, path + ": cannot be read");
    return text;
}

Result<std::string> read_argument(const std::string& argument) {
    if (argument == "-") return read_file("-");
    if (argument.starts_with('@')) return read_file(argument.substr(1));
    return argument;
}

Result<> write_private_file(const std::string& path, const std::string& content) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code failed;
    if (!folder.empty() && std::filesystem::create_directories(folder, failed)) {
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    }
    auto written = replace_file(path, content, Durability::power_cut);
    if (!written) return Error{Errc::invalid_input, written.error().detail};
    return written;
}

}  // namespace fanion::cli
