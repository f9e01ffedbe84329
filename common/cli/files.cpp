#include "common/cli/files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace fanion::cli {
namespace {

std::string slurp(std::istream& in) { return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}; }

Error file_error(const std::string& path, const char* what) {
    return Error{Errc::invalid_input, path + ": " + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    if (path == "-") return slurp(std::cin);
    std::ifstream in(path, std::ios::binary);
    if (!in) return file_error(path, "cannot be read");
    auto text = slurp(in);
    if (in.bad()) return file_error(path, "cannot be read");
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
    close(fd);
    if (!written || rename(beside.c_str(), path.c_str()) != 0) return file_error(path, "cannot be written");
    return {};
}

}  // namespace fanion::cli
