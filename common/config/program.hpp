#pragma once

// What both services do with their configuration before they start.

#include <optional>

#include "common/config/parse.hpp"

namespace fanion::config {

// Looks up a variable in the environment of this process. Not safe while another thread calls
// setenv().
std::optional<std::string> process_environment(std::string_view name);

// Prints the answer to standard output, or the errors to standard error. Returns the exit status if
// the program must end (0 after an answer, 2 after errors), or nullopt if the configuration is
// valid.
std::optional<int> ended_by(const Reading& reading, std::string_view program);

}  // namespace fanion::config
