#pragma once

// Files that are replaced atomically: a reader sees the old content or the new, whatever fails in between. Blocking:
// for the blocking pool and for startup. Thread-safe for different paths.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::relay::cache {

// What a replaced file survives: the end of the process (the page cache is enough), or also a power cut (fsync of the
// file and its directory).
enum class Durability { process, power_cut };

// Writes `<path>.tmp` and renames it. Error: internal, with the step and the reason; the old content is then still
// there.
Result<> replace_file(const std::string& path, std::string_view bytes, Durability durability);

// Empty when there is no such file. Errors: too_large, internal.
Result<std::optional<std::string>> read_whole_file(const std::string& path, std::size_t limit);

// Creates the directory and its parents. Error: internal.
Result<> make_directories(const std::string& path);

}  // namespace fanion::relay::cache
