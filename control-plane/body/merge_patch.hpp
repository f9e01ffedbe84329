#pragma once

// JSON Merge Patch (RFC 7396). Pure.

#include <string_view>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"

namespace fanion::cp::body {

// The limits of JSON composed of a request's body and what is stored.
json::ScanLimits composed_limits();

// `present`, JSON that we wrote ourselves, changed as `patch` says. Error: that of
// apply_merge_patch().
Result<json::Tree> merged(std::string_view present, json::Value patch);

// Changes `target` as `patch` says. Members keep their places; new ones follow in the patch's
// order. Error: the result exceeds composed_limits(); `target` is changed all the same.
Result<> apply_merge_patch(json::Tree& target, json::Value patch);

}  // namespace fanion::cp::body
