#pragma once

// A configuration file with every option of a program. Pure.

#include <string>

#include "common/config/parse.hpp"

namespace fanion::config {

// `name = value` for each option that is given, and the others as comments with their defaults.
// Reading the file gives what was given.
std::string sample_file(const Program& program, const Options& options, const Given& given);

}  // namespace fanion::config
