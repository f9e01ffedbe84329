#pragma once

// The instructions of a segment's definition, and of its members in one environment;
// docs/admin-api.md lists their members. Pure.

#include <span>

#include "control-plane/body/edited_tree.hpp"
#include "control-plane/body/instructions.hpp"

namespace fanion::cp::segments {

using SegmentInstruction = body::InstructionKind<body::EditedTree>;
std::span<const SegmentInstruction> definition_instructions() noexcept;
std::span<const SegmentInstruction> member_instructions() noexcept;

}  // namespace fanion::cp::segments
