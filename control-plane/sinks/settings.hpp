#pragma once

// The file of --sink-kafka-settings: lines `name=value`, as librdkafka's documentation names them;
// empty lines, and those that begin with #, say nothing. Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::sinks {

using Settings = std::vector<std::pair<std::string, std::string>>;

// Error: invalid_input, with the number of the line and never its text, which may be a secret.
Result<Settings> parse_settings(std::string_view text);

}  // namespace fanion::cp::sinks
