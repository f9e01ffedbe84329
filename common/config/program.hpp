#pragma once

// What both programs do with their configuration before they start.

#include <optional>

#include "common/config/parse.hpp"

namespace fanion::config {

// The environment of this process.
std::optional<std::string> process_environment(std::string_view name);

// Prints the answer or the errors. The exit status where the program ends with that: 0 after an answer, 2 after errors.
std::optional<int> ended_by(const Reading& reading, std::string_view program);

}  // namespace fanion::config
