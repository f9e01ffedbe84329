#pragma once

// JSON that this program wrote out of parts it had checked, read back. Pure.

#include <memory>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::body {

// Wide enough for a request's body merged into what is held.
json::ScanLimits trusted_json_limits();
// On the heap because values point into their document. Throws when `text` is no JSON: a bug.
using TrustedDocument = std::unique_ptr<json::Document>;
TrustedDocument parse_trusted(std::string_view text);
// The same for JSON that may have grown past the limits; null, and a finding, when it has.
TrustedDocument parse_bounded(std::string_view text, std::vector<Finding>& findings);
// `present` (JSON this program wrote) changed by a merge patch. Error: too large or too deep together.
Result<TrustedDocument> apply_merge_patch_parsed(std::string_view present, json::Value patch);

}  // namespace fanion::cp::body
