#pragma once

// Whether a file with a secret is kept from others. Thread-safe.

#include <string>

#include "common/base/error.hpp"

namespace fanion {

// Others may do nothing with it, and its group may read it at most.
constexpr bool is_private_mode(unsigned mode) noexcept { return (mode & 0027U) == 0; }

// The owner must be this process's user or root, and the mode as above. Of a symbolic link what it
// leads to counts. What is no regular file, as a pipe, passes, and so does what is not there: who
// reads it says so. Error: forbidden; the detail names the file and the mode that is wanted.
Result<> check_private_file(const std::string& path);

}  // namespace fanion
