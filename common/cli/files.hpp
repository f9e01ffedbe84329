#pragma once

// Whole files in and out, with errors that name them.

#include <string>

#include "common/base/error.hpp"

namespace fanion::cli {

// "-" is standard input. Error: invalid_input.
Result<std::string> read_file(const std::string& path);

// Argument text as it is, or the content of FILE for "@FILE", or standard input for "-".
Result<std::string> read_argument(const std::string& argument);

// Written beside and renamed, mode 0600. Creates missing folders (0700).
Result<> write_private_file(const std::string& path, const std::string& content);

}  // namespace fanion::cli
