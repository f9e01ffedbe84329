#pragma once

// What promotion and rollback do with the configurations of flags and of segments, under the same
// names for both. Pure.

#include <string>
#include <string_view>

#include "control-plane/body/references.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/promotion/selection.hpp"
#include "control-plane/segments/segment.hpp"

namespace fanion::cp::promotion {

// What differs between environments, as JSON, without version and dates.
std::string content_json(const flags::FlagEnvironment& configuration);
std::string content_json(const segments::SegmentEnvironment& configuration);

// `target` with the promoted parts of `source`; of a segment, all of it.
flags::FlagEnvironment merged(const flags::FlagEnvironment& source, flags::FlagEnvironment target, const Parts& parts);
segments::SegmentEnvironment merged(const segments::SegmentEnvironment& source, segments::SegmentEnvironment target,
                                    const Parts& parts);

body::References references_of(const flags::FlagEnvironment& configuration);
body::References references_of(const segments::SegmentEnvironment& configuration);

// Whether what refers to it would work in the source and not in the target: a flag that is off
// there only, a segment that is empty there only.
bool is_lacking(const flags::FlagEnvironment& source, const flags::FlagEnvironment& target);
bool is_lacking(const segments::SegmentEnvironment& source, const segments::SegmentEnvironment& target);

// `present` as an item of an earlier ruleset has it. Throws when `item` is not an item's body.
flags::FlagEnvironment restored(flags::FlagEnvironment present, std::string_view item);
segments::SegmentEnvironment restored(segments::SegmentEnvironment present, std::string_view item);

}  // namespace fanion::cp::promotion
