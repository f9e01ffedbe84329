#pragma once

// Instructions that turn one configuration or definition of a flag into another. Private to
// this folder.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/flagfile/project.hpp"

namespace fanion::flagfile {

// The values of targets, by attribute and variation.
using TargetValues = std::map<std::pair<std::string, std::string>, std::set<std::string>>;
TargetValues values_of(const std::vector<model::Target>& targets);

// Of a configuration. `salt` is the flag's.
std::vector<std::string> config_instructions(const model::FlagConfig& wanted, const model::FlagConfig& present,
                                             const std::string& salt);
// Of a definition: what must be before the configurations change, and what only can be after it.
std::vector<std::string> early_instructions(const Flag& wanted, const Flag& present);
std::vector<std::string> late_instructions(const Flag& wanted, const Flag& present);

}  // namespace fanion::flagfile
