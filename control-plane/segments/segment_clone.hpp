#pragma once

// A new segment like another. Pure.

#include <vector>

#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "control-plane/segments/segment.hpp"
#include "control-plane/segments/segment_edit.hpp"

namespace fanion::cp::segments {

// {"key", "name", "environments":["staging"]}: `name` is the source's unless given; `environments`
// are those whose members are copied (default: all), it is empty in the others. The clone of an
// archived segment is not archived. `configs` are the source's, in the order of the result.
// Errors: invalid_input.
Result<NewSegment> clone_segment(const SegmentDefinition& source, std::vector<SegmentEnvironment> configs,
                                 json::Value body, UnixMillis now);

}  // namespace fanion::cp::segments
