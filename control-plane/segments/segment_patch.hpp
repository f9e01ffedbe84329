#pragma once

// PATCH of segments in its three forms; see flags/flag_patch.hpp. Pure.

#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/body/patch.hpp"
#include "control-plane/items/item_body.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

Result<items::PatchedDefinition<SegmentDefinition, SegmentEnvironment>> patch_segment_definition(
    const SegmentDefinition& present, std::string_view present_json, const body::Patch& patch,
    std::vector<SegmentEnvironment> configs);
Result<body::Patched<SegmentEnvironment>> patch_segment_members(const SegmentDefinition& definition,
                                                                const SegmentEnvironment& present,
                                                                std::string_view present_json,
                                                                const body::Patch& patch);

}  // namespace fanion::cp::segments
