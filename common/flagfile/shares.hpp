#pragma once

// Splits as shares: who gets how much, whichever slots it is. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "common/model/flag.hpp"

namespace fanion::flagfile {

// Slots of each variation, and of "next"; none of them is 0.
std::map<std::string, std::uint32_t> shares_of(const model::Split& split);

// Whether two serve the same shares by the same bucketing. `salt` is the flag's.
bool same_serve(const model::Serve& a, const model::Serve& b, const std::string& salt);

// {"variation":..} or {"split":{"weights":[..],..}}
json::Tree tree_of(const model::Serve& serve);

// Replaces the weights of a configuration's splits by ranges, so that common/model reads it.
// Findings: missing, malformed, bad_weight, duplicate.
void expand_weights(json::Tree& config, const std::string& pointer, std::vector<Finding>& findings);

}  // namespace fanion::flagfile
