#pragma once

// One process per cache directory, and the relay's name kept in it. Blocking; for startup.

#include <string>
#include <utility>

#include "common/base/file.hpp"

namespace fanion::relay::app {

// Held until destroyed, however the process ends. Empty where the directory cannot be written.
class CacheLock {
public:
    // Error: conflict, another process holds it.
    static Result<CacheLock> take(const std::string& directory);

private:
    explicit CacheLock(FileLock lock) : lock_(std::move(lock)) {}
    FileLock lock_;
};

// The name in `<directory>/relay-id`, made when there is none. Where it cannot be kept it holds for this process only.
std::string kept_relay_id(const std::string& directory);

}  // namespace fanion::relay::app
