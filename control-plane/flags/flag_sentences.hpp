#pragma once

// What a change of a flag does, as a list of plain sentences: "Rule 2 serves `on` to 25 % instead
// of 10 %." In the order of the resource's members; none if nothing changes. Pure.

#include <string>
#include <vector>

#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

std::vector<std::string> describe_definition(const FlagDefinition& before, const FlagDefinition& after);
std::vector<std::string> describe_config(const model::FlagConfig& before, const model::FlagConfig& after);

// Of a flag that is new: that it is created, and how it is configured where that is not the
// default; each of those begins with "In production: ".
std::vector<std::string> describe_creation(const FlagDefinition& flag, const std::vector<FlagEnvironment>& configs);
std::vector<std::string> describe_deletion(const FlagDefinition& flag);

}  // namespace fanion::cp::flags
