#pragma once

// Reading the cache's files, which are written by replace_file (common/base/file.hpp). Blocking:
// for the blocking pool and for startup. Thread-safe for different paths.

#include <optional>
#include <string>

#include "common/base/file.hpp"

namespace fanion::relay::cache {

// Empty when there is no such file. Errors: invalid_input (not a regular file), too_large,
// internal.
Result<std::optional<std::string>> read_whole_file(const std::string& path, std::size_t limit);

// Creates the directory and its parents. Error: internal.
Result<> make_directories(const std::string& path);

}  // namespace fanion::relay::cache
