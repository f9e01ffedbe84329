#pragma once

// The members of a view besides its name: a filter, an order and columns. Pure.

#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/reader.hpp"

namespace fanion::cp::saved {

// Reads `filter`, `sort` and `columns` as the list of flags would take them as its parameters, and
// returns them as a JSON object. A mistake is a finding at its place in the body.
std::string read_view(json::Reader& r, const std::string& environment, std::vector<Finding>& findings);

}  // namespace fanion::cp::saved
