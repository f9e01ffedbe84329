#include "common/cli/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace fanion::cli {
namespace {

Error file_error(const std::string& path, const char* what) {
    return Error{Errc::invalid_input, path + ": " + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    const bool is_input = path == "-";
    const int fd = is_input ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return file_error(path, "cannot be read");
    std::string text;
    char block[64 * 1024];
    ssize_t length = 0;
    while ((length = read(fd, block, sizeof block)) > 0) text.append(block, static_cast<std::size_t>(length));
    const int failed = length < 0 ? errno : 0;
    if (!is_input) close(fd);
    errno = failed;
    if (failed != 0) return file_error(path, "cannot be read");
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
    const auto beside = path + ".new";
    const int fd = open(beside.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return file_error(beside, "cannot be written");
    const bool written =
        write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && fsync(fd) == 0;
    const int reason = errno;
    close(fd);
    errno = reason;
    if (!written || rename(beside.c_str(), path.c_str()) != 0) {
        auto error = file_error(path, "cannot be written");
        unlink(beside.c_str());
        return error;
    }
    return {};
}

}  // namespace fanion::cli
