#pragma once

// Flags and segments as bulk/bulk_item.hpp needs to know them, without their rows.

#include <string>

#include "control-plane/bulk/bulk_item.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "control-plane/flags/flag_sentences.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_patch.hpp"
#include "control-plane/segments/segment_sentences.hpp"

namespace fanion::test {

using BulkFlag = cp::bulk::BulkItem<cp::flags::FlagDefinition, cp::flags::FlagEnvironment>;
using BulkSegment = cp::bulk::BulkItem<cp::segments::SegmentDefinition, cp::segments::SegmentEnvironment>;

inline std::string new_rule_id() { return "r-new"; }

struct BulkFlags {
    static auto patch_definition(const cp::flags::FlagDefinition& present, std::string_view present_json,
                                 const cp::body::Patch& patch, std::vector<cp::flags::FlagEnvironment> configs) {
        return cp::flags::patch_flag(present, present_json, patch, std::move(configs));
    }
    static auto patch_config(const cp::flags::FlagDefinition& definition, const cp::flags::FlagEnvironment& present,
                             std::string_view present_json, const cp::body::Patch& patch) {
        return cp::flags::patch_flag_config(definition, present, present_json, patch, new_rule_id);
    }
    static auto describe_definition(const cp::flags::FlagDefinition& before, const cp::flags::FlagDefinition& after) {
        return cp::flags::describe_definition(before, after);
    }
    static auto describe_config(const cp::flags::FlagEnvironment& before, const cp::flags::FlagEnvironment& after) {
        return cp::flags::describe_config(before.config, after.config);
    }
};
inline constexpr BulkFlags bulk_flags;

struct BulkSegments {
    static auto patch_definition(const cp::segments::SegmentDefinition& present, std::string_view present_json,
                                 const cp::body::Patch& patch, std::vector<cp::segments::SegmentEnvironment> configs) {
        return cp::segments::patch_segment_definition(present, present_json, patch, std::move(configs));
    }
    static auto patch_config(const cp::segments::SegmentDefinition& definition,
                             const cp::segments::SegmentEnvironment& present, std::string_view present_json,
                             const cp::body::Patch& patch) {
        return cp::segments::patch_segment_members(definition, present, present_json, patch);
    }
    static auto describe_definition(const cp::segments::SegmentDefinition& before,
                                    const cp::segments::SegmentDefinition& after) {
        return cp::segments::describe_definition(before, after);
    }
    static auto describe_config(const cp::segments::SegmentEnvironment& before,
                                const cp::segments::SegmentEnvironment& after) {
        return cp::segments::describe_members(before.members, after.members);
    }
};
inline constexpr BulkSegments bulk_segments;

}  // namespace fanion::test
