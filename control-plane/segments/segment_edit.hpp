#pragma once

// Edits of segments as pure functions; see flags/flag_edit.hpp.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/tree.hpp"
#include "control-plane/items/item_body.hpp"
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

// The edited resource as a whole; see flags/flag_edit.hpp.
Result<SegmentDefinition> edited_definition(const SegmentDefinition& present, json::Value body,
                                            items::DerivedMembers derived);
Result<SegmentEnvironment> edited_config(const SegmentDefinition& definition, const SegmentEnvironment& present,
                                         json::Tree body, items::DerivedMembers derived);

}  // namespace fanion::cp::segments
