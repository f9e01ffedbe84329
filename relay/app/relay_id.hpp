#pragma once

// The relay's name in its cache directory. Blocking; for startup.

#include <string>

namespace fanion::relay::app {

// Returns the name in `<directory>/relay-id`, and stores a new one if there is none. If it cannot
// be stored, it is valid for this process only.
std::string load_relay_id(const std::string& directory);

}  // namespace fanion::relay::app
