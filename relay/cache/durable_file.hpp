#pragma once

// Files that are replaced as a whole: a reader sees the old content or the new, never a mixture, whatever fails in between.
// Blocking: for the blocking pool and for the start. Thread-safe for different paths.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/error.hpp"

namespace fanion::relay::cache {

// What a replaced file outlives: the process (the page cache does), or a power cut too (fsync of file and directory).
enum class Durability { process, power_cut };

// Writes `<path>.tmp` and renames it. Error: internal, with the step and the reason; the old content then still stands.
Result<> replace_file(const std::string& path, std::string_view bytes, Durability durability);

// Nothing when there is no such file. Errors: too_large, internal.
Result<std::optional<std::string>> read_whole_file(const std::string& path, std::size_t limit);

// Makes the directory and its parents. Error: internal.
Result<> make_directories(const std::string& path);

}  // namespace fanion::relay::cache
