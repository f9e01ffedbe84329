#pragma once

// Where a flag's own configuration names one of its variations. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

struct VariationUse {
    std::string pointer;  // into the configuration: "/rules/1/serve"
    std::string phrase;   // "rule `beta`", "the fallthrough", "the targets", "`off`"
    friend bool operator==(const VariationUse&, const VariationUse&) = default;
};

// In the order of the configuration's members.
std::vector<VariationUse> uses_of_variation(const model::FlagConfig& config, std::string_view variation);

// Names it differently everywhere. True if it was named anywhere.
bool rename_variation(model::FlagConfig& config, const std::string& from, const std::string& to);

}  // namespace fanion::cp::flags
