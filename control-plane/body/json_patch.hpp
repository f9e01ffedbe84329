#pragma once

// JSON Patch (RFC 6902) between two states. Pure.

#include <string>

#include "common/json/tree.hpp"

namespace fanion::cp::body {

// The operations add, remove and replace that turn `before` into `after`, as JSON; "[]" if they are
// equal but for the order of members. Arrays are compared from both ends, so that what is inserted
// or removed in one place of a long list is all that is written. At most as long as both together
// and some bytes for each operation.
std::string json_patch(const json::Tree& before, const json::Tree& after);

}  // namespace fanion::cp::body
