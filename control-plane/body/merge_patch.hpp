#pragma once

// JSON Merge Patch (RFC 7396). Pure.

#include "common/base/error.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::body {

// The limits of JSON composed of a request's body and what is stored.
json::ScanLimits composed_limits();

// Changes `target` as `patch` says. Members keep their places; new ones follow in the patch's order. Error: the result
// exceeds composed_limits(); `target` is changed all the same.
Result<> apply_merge_patch(json::Tree& target, json::Value patch);

}  // namespace fanion::cp::body
