#pragma once

// Instructions for a segment's lists, applied to the lists themselves. As JSON, of which other
// instructions change a part, a hundred thousand values take far longer to read and write than to
// edit. Pure.

#include <optional>
#include <string_view>

#include "common/json/document.hpp"
#include "control-plane/body/patch.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

// What the body's instructions make of the configuration, the same as by member_instructions().
// Nullopt if one of them is not about lists, if something is wrong with one, or if the result may
// be too large: then those have to judge. `present_json`: to_json() of `present`.
std::optional<body::Patched<SegmentEnvironment>> edited_lists(const SegmentEnvironment& present,
                                                              std::string_view present_json, json::Value body);

}  // namespace fanion::cp::segments
