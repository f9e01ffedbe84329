#pragma once

// Where a flag's own configuration names one of its variations. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "control-plane/flags/flag.hpp"
#include "control-plane/items/uses.hpp"

namespace fanion::cp::flags {

// In the order of the configuration's members: `off`, the targets, "rule `beta`", the fallthrough.
std::vector<items::PlaceOfUse> uses_of_variation(const model::FlagConfig& config, std::string_view variation);

// Names it differently everywhere. True if it was named anywhere.
bool rename_variation(model::FlagConfig& config, const std::string& from, const std::string& to);

}  // namespace fanion::cp::flags
