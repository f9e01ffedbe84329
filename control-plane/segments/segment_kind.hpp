#pragma once

// Segments as a kind of item: what items/item_edit.hpp needs to know of them. Immutable.

#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/use_store.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_patch.hpp"
#include "control-plane/segments/segment_sentences.hpp"
#include "control-plane/segments/segment_store.hpp"

namespace fanion::cp::segments {

using SegmentKind = items::ItemKind<Segment, SegmentEnvironment, NewSegment>;

inline constexpr SegmentKind segment_kind{
    .name = "segment",
    .referrers = "flags or other segments",
    .definition_travels = false,
    .quota = quotas::Quota::segments,
    .created = audit::Action::segment_created,
    .updated = audit::Action::segment_updated,
    .configured = audit::Action::segment_configured,
    .deleted = audit::Action::segment_deleted,
    .create = create_segment,
    .replace_definition = replace_segment,
    .patch_definition = patch_segment_definition,
    .replace_config = replace_segment_config,
    .patch_config = patch_segment_members,
    .describe_definition = describe_definition,
    .describe_config = [](const SegmentEnvironment& before,
                          const SegmentEnvironment& after) { return describe_members(before.members, after.members); },
    .describe_creation = describe_creation,
    .describe_deletion = describe_deletion,
    .find_uses = items::find_segment_uses,
    .list = list_segments,
    .find = find_segment,
    .insert = insert_segment,
    .update = update_segment,
    .remove = delete_segment,
    .find_config = find_segment_config,
    .find_configured = find_configured_segment,
    .put_config = put_segment_config,
};

}  // namespace fanion::cp::segments
