#pragma once

// Edits of segments as pure functions; see flags/flag_edit.hpp.

#include <string>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

struct NewSegment {
    SegmentDefinition definition;
    std::vector<SegmentEnvironment> environments;  // one per key of `environment_keys`; empty where the body names none
    std::vector<std::string> configured;           // the environments the body named
};
Result<NewSegment> create_segment(json::Value body, const std::vector<std::string>& environment_keys, UnixMillis now);

Result<SegmentDefinition> replace_segment(const SegmentDefinition& present, json::Value body);
Result<SegmentDefinition> patch_segment(const SegmentDefinition& present, json::Value patch);

Result<model::Segment> replace_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                              json::Value body);
Result<model::Segment> patch_segment_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                            json::Value patch);

// Equal but for version and dates.
bool same_segment(const SegmentDefinition& a, SegmentDefinition b);

}  // namespace fanion::cp::segments
