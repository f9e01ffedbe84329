#pragma once

// Contexts for comparison: the order of an object's members does not matter. Pure; allocates
// nothing but room in its buffers.

#include <string>
#include <vector>

#include "common/json/document.hpp"

namespace fanion::relay::serve {

// Appends bytes that are equal for two values exactly if these have the same members and elements
// with the same strings and spellings of numbers, in any order of members. Of several members with
// one name the last counts. Not JSON. `room` is for use during the call and keeps its capacity.
void append_canonical(std::string& out, json::Value value, std::vector<json::Member>& room);

}  // namespace fanion::relay::serve
