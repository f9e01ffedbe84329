#pragma once

// What a change of a segment does, as a list of plain sentences; see flags/flag_sentences.hpp.
// Pure.

#include <string>
#include <vector>

#include "control-plane/segments/segment.hpp"

namespace fanion::cp::segments {

std::vector<std::string> describe_definition(const SegmentDefinition& before, const SegmentDefinition& after);
std::vector<std::string> describe_members(const model::Segment& before, const model::Segment& after);
std::vector<std::string> describe_creation(const SegmentDefinition& segment,
                                           const std::vector<SegmentEnvironment>& configs);
std::vector<std::string> describe_deletion(const SegmentDefinition& segment);

}  // namespace fanion::cp::segments
