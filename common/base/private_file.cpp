#include "common/base/private_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace fanion {
namespace {

std::string octal(unsigned mode) {
    std::string text = "0000";
    for (std::size_t i = 0; i < text.size(); ++i, mode >>= 3U) text[3 - i] = static_cast<char>('0' + (mode & 7U));
    return text;
}

}  // namespace

Result<> check_private_file(const std::string& path) {
    struct stat file {};
    if (::stat(path.c_str(), &file) != 0 || !S_ISREG(file.st_mode)) return {};
    const auto own = ::geteuid();
    if (own != 0 && file.st_uid != own && file.st_uid != 0) {
        return Error{Errc::forbidden, path + " belongs to user " + std::to_string(file.st_uid) +
                                          ", who may replace it: it must belong to user " + std::to_string(own) +
                                          " or to root"};
    }
    if (is_private_mode(file.st_mode)) return {};
    return Error{Errc::forbidden, path + " has mode " + octal(file.st_mode & 07777U) +
                                      ", so that others may read or change it: its mode must be 0600, or 0640 where "
                                      "its group is to read it (chmod 0600 " +
                                      path + ")"};
}

}  // namespace fanion
