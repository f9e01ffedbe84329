#pragma once

// One process per cache directory, and the relay's name kept in it.

#include <string>

#include "common/base/error.hpp"

namespace fanion::relay::app {

// Held until destroyed, however the process ends. A directory that takes no file cannot be shared either.
class CacheLock {
public:
    // Error: conflict, another process holds it.
    static Result<CacheLock> take(const std::string& directory);
    CacheLock(CacheLock&& other) noexcept;
    CacheLock& operator=(CacheLock&&) = delete;
    ~CacheLock();

private:
    explicit CacheLock(int fd) : fd_(fd) {}
    int fd_;
};

// The name in `<directory>/relay-id`, made when there is none. Where it cannot be kept it holds for this process only.
std::string kept_relay_id(const std::string& directory);

}  // namespace fanion::relay::app
