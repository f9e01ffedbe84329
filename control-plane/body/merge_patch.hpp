#pragma once

// JSON Merge Patch (RFC 7396) and the shallow merge that fills in defaults. Pure: from values to JSON text.

#include <string>

#include "common/json/document.hpp"

namespace fanion::cp::body {

// `target` changed by `patch`. An empty target Value is "not there".
std::string merge_patch(json::Value target, json::Value patch);

// `given` with the members of `defaults` that it does not name added behind its own. Both are objects.
std::string with_defaults(json::Value given, json::Value defaults);

}  // namespace fanion::cp::body
