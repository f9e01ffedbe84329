#pragma once

// The relay's name in its cache directory. Blocking.

#include <string>

namespace fanion::relay::app {

// Returns the name in `<directory>/relay-id`, and stores a new one if there is none. If it cannot
// be stored, it is valid for this process only.
std::string load_relay_id(const std::string& directory);

// Stores it again if its file was removed. True if it did.
bool restore_relay_id(const std::string& directory, const std::string& id);

}  // namespace fanion::relay::app
