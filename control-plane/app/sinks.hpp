#pragma once

// The sinks that the configuration names.

#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/sinks/sink.hpp"

namespace fanion::cp::app {

// Their names, as the database and metrics have them.
std::vector<std::string> sink_names(const Config& config);

// Connects nowhere. Errors name the option: a folder that cannot be made, settings that cannot be
// read or are none.
Result<sinks::EventSinks> open_sinks(const Config& config);

}  // namespace fanion::cp::app
