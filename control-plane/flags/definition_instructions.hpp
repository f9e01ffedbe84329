#pragma once

// The instructions of a flag's definition; docs/admin-api.md lists their members. Pure.

#include <span>
#include <vector>

#include "control-plane/body/edited_tree.hpp"
#include "control-plane/body/instructions.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

// A definition with its configuration in every environment, which a renamed variation changes and a
// removed one must not be named in.
struct DefinitionEdit {
    body::EditedTree definition;
    std::vector<FlagEnvironment> configs;
};

using DefinitionInstruction = body::InstructionKind<DefinitionEdit>;
std::span<const DefinitionInstruction> definition_instructions() noexcept;

}  // namespace fanion::cp::flags
