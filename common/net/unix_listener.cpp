#include "common/net/unix_listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <utility>

namespace fanion::net {
namespace {

Error cannot_listen(const std::string& path, const std::string& why) {
    return {Errc::unavailable, "cannot listen on unix:" + path + ": " + why};
}

Error cannot_listen(const std::string& path, int reason = errno) { return cannot_listen(path, std::strerror(reason)); }

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) {
        return Error{Errc::invalid_input,
                     "'" + path + "' is longer than " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
    }
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

const sockaddr* general(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

UniqueFd make_socket() { return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

// Nobody listens on the socket of a process that has ended: a connection to it is refused.
Result<> remove_stale(const std::string& path, const sockaddr_un& address) {
    struct stat file {};
    if (::lstat(path.c_str(), &file) != 0) {
        return errno == ENOENT ? Result<>() : Result<>(cannot_listen(path));
    }
    if (!S_ISSOCK(file.st_mode)) return cannot_listen(path, "a file that is not a socket is there");
    const auto probe = make_socket();
    if (!probe) return cannot_listen(path);
    if (::connect(probe.get(), general(address), sizeof address) == 0 || errno == EAGAIN) {
        return cannot_listen(path, "a process listens there");
    }
    if (errno != ECONNREFUSED) return cannot_listen(path);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return cannot_listen(path);
    return {};
}

}  // namespace

Result<UnixListener> UnixListener::open(const std::string& path, unsigned mode) {
    const auto address = address_of(path);
    if (!address) return address.error();
    if (auto removed = remove_stale(path, *address); !removed) return removed.error();
    auto fd = make_socket();
    if (!fd) return cannot_listen(path);
    // The file never has more permissions than `mode`; the umask may have taken some of them, hence the second step.
    struct stat file {};
    if (::fchmod(fd.get(), mode) != 0 || ::bind(fd.get(), general(*address), sizeof *address) != 0 ||
        ::chmod(path.c_str(), mode) != 0 || ::lstat(path.c_str(), &file) != 0 || ::listen(fd.get(), SOMAXCONN) != 0) {
        return cannot_listen(path);
    }
    return UnixListener(std::move(fd), path, file.st_dev, file.st_ino);
}

Result<int> UnixListener::duplicate() const {
    const int copy = ::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return cannot_listen(path_);
    return copy;
}

void UnixListener::remove() const noexcept {
    struct stat file {};
    if (::lstat(path_.c_str(), &file) != 0 || file.st_dev != device_ || file.st_ino != inode_) return;
    ::unlink(path_.c_str());
}

}  // namespace fanion::net
