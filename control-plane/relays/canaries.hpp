#pragma once

// Which relays get a held version first. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace fanion::cp::relays {

struct LabelledRelay {
    std::string_view relay_id;
    const std::vector<std::string>* path;  // of the relays that it is behind, the one next to the control plane first
    const std::vector<std::string>* labels;
};
// One for each: a relay is served what the first of its path is, so the labels of that one decide.
std::vector<bool> canaries_among(const std::vector<LabelledRelay>& relays, std::string_view label);

}  // namespace fanion::cp::relays
