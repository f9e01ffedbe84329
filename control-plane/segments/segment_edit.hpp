#pragma once

// Edits of segments as pure functions; see flags/flag_edit.hpp.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

struct NewSegment {
    SegmentDefinition definition;
    std::vector<SegmentEnvironment> environments;  // one per key of `environment_keys`; empty where the body names none
};
Result<NewSegment> create_segment(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now);

Result<SegmentDefinition> replace_segment(const SegmentDefinition& present, json::Value body);
Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, std::string_view present_json,
                                        json::Value patch);

Result<SegmentEnvironment> replace_segment_config(const SegmentDefinition& definition,
                                                  const SegmentEnvironment& present, json::Value body);
Result<SegmentEnvironment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                                std::string_view present_json, json::Value patch);

}  // namespace fanion::cp::segments
