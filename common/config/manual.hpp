#pragma once

// The manual page of a service, from its table of options. Pure.

#include <string>

#include "common/config/parse.hpp"

namespace fanion::config {

// In roff, for section 8. It names the files of an installation from packages.
std::string manual_page(const Program& program, const Options& options);

}  // namespace fanion::config
