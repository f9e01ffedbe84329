#pragma once

// Reads and writes whole files. Errors name the file.

#include <string>

#include "common/base/error.hpp"

namespace fanion::cli {

// Reads a file, or standard input if `path` is "-". Error: invalid_input.
Result<std::string> read_file(const std::string& path);

// The argument itself; for "@FILE" the content of the file; for "-" standard input. Error:
// invalid_input.
Result<std::string> read_argument(const std::string& argument);

// Writes a file with mode 0600 atomically, by renaming a temporary file in the same directory.
// Creates missing directories with mode 0700. Error: invalid_input.
Result<> write_private_file(const std::string& path, const std::string& content);

}  // namespace fanion::cli
