#pragma once

// A changed configuration of a segment, of which each text of megabytes is written once, on the
// blocking pool.

#include <optional>
#include <string>
#include <string_view>

#include "control-plane/items/item_edit.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::segments {

// In place of items::write_config().
http::EditResult write_segment_config(http::Edit& edit, const SegmentKind& kind,
                                      items::ConfigChange<SegmentKind> change);

// The audit entry's JSON Patch: `members` (see ChangedMembers::patch), and the new version and
// time. None if there are no `members`.
std::optional<std::string> audit_patch(std::string_view members, const SegmentEnvironment& after);

}  // namespace fanion::cp::segments
