#include "control-plane/segments/segment_patch.hpp"

#include <utility>

#include "common/json/tree.hpp"
#include "control-plane/body/apply_json_patch.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/segments/list_instructions.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_instructions.hpp"

namespace fanion::cp::segments {
namespace {

using body::PatchForm;
using body::Places;
using json::Tree;
using PatchedSegment = items::PatchedDefinition<SegmentDefinition, SegmentEnvironment>;

// What JSON Patch or instructions make of `present_json`.
Result<body::Patched<Tree>> patched_tree(std::string_view present_json, const body::Patch& patch,
                                         std::span<const SegmentInstruction> instructions) {
    auto tree = Tree::parse(present_json, body::composed_limits()).value();
    if (patch.form == PatchForm::json_patch) {
        if (auto ok = body::apply_json_patch(tree, patch.value); !ok) return ok.error();
        return body::Patched<Tree>{std::move(tree), Places::none()};
    }
    body::EditedTree edited(std::move(tree));
    if (auto ok = body::apply_instructions(patch.value, instructions, edited); !ok) return ok.error();
    auto places = edited.places();
    return body::Patched<Tree>{std::move(edited).take(), std::move(places)};
}

}  // namespace

Result<PatchedSegment> patch_segment_definition(const SegmentDefinition& present, std::string_view present_json,
                                                const body::Patch& patch, std::vector<SegmentEnvironment> configs) {
    if (patch.form == PatchForm::merge) {
        auto after = patch_segment(present, present_json, patch.value);
        if (!after) return after.error();
        return PatchedSegment{std::move(*after), std::move(configs)};
    }
    auto patched = patched_tree(present_json, patch, definition_instructions());
    if (!patched) return patched.error();
    const auto document = json::to_document(patched->after, body::composed_limits());
    if (!document) return document.error();
    auto after = edited_definition(present, document->root(), items::DerivedMembers::unchanged);
    if (!after) return body::locate_error(after.error(), patched->places, item_key(present), patch.value);
    return PatchedSegment{std::move(*after), std::move(configs), std::move(patched->places)};
}

Result<body::Patched<SegmentEnvironment>> patch_segment_members(const SegmentDefinition& definition,
                                                                const SegmentEnvironment& present,
                                                                std::string_view present_json,
                                                                const body::Patch& patch) {
    if (patch.form == PatchForm::merge) {
        auto after = patch_segment_config(definition, present, present_json, patch.value);
        if (!after) return after.error();
        return body::Patched<SegmentEnvironment>{std::move(*after)};
    }
    if (patch.form == PatchForm::instructions) {
        if (auto edited = edited_lists(present, present_json, patch.value)) return std::move(*edited);
    }
    auto patched = patched_tree(present_json, patch, member_instructions());
    if (!patched) return patched.error();
    auto after = edited_config(definition, present, std::move(patched->after), items::DerivedMembers::unchanged);
    if (!after) return body::locate_error(after.error(), patched->places, item_key(definition), patch.value);
    return body::Patched<SegmentEnvironment>{std::move(*after), std::move(patched->places)};
}

}  // namespace fanion::cp::segments
