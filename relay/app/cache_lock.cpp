#include "relay/app/cache_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay::app {

Result<CacheLock> CacheLock::take(const std::string& directory) {
    static_cast<void>(
        cache::make_directories(directory));  // an unwritable disk is reported by the cache, and served without
    const int fd = ::open((directory + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(fd);
        return Error{Errc::conflict, directory + " is in use by another process"};
    }
    return CacheLock(fd);
}

CacheLock::CacheLock(CacheLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

CacheLock::~CacheLock() {
    if (fd_ >= 0) ::close(fd_);
}

std::string kept_relay_id(const std::string& directory) {
    const auto path = directory + "/relay-id";
    if (const auto text = cache::read_whole_file(path, 1024); text && *text) {
        std::string id(trim(**text));
        if (is_valid_key(id)) return id;
    }
    auto id = random_id("relay-");
    static_cast<void>(cache::replace_file(path, id + "\n",
                                          cache::Durability::power_cut));  // not kept: another name at the next start
    return id;
}

}  // namespace fanion::relay::app
