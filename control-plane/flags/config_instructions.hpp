#pragma once

// The instructions of a flag's configuration in one environment; docs/admin-api.md lists their
// members. Each is a function over the configuration as JSON, which is read and checked once all of
// them are applied. Pure.

#include <span>

#include "control-plane/body/edited_tree.hpp"
#include "control-plane/body/instructions.hpp"

namespace fanion::cp::flags {

using ConfigInstruction = body::InstructionKind<body::EditedTree>;
std::span<const ConfigInstruction> config_instructions() noexcept;

// Their parts, one file each.
void add_rule(json::Reader& r, body::EditedTree& config);
void replace_rule(json::Reader& r, body::EditedTree& config);
void remove_rule(json::Reader& r, body::EditedTree& config);
void move_rule(json::Reader& r, body::EditedTree& config);
void reorder_rules(json::Reader& r, body::EditedTree& config);
void set_weights(json::Reader& r, body::EditedTree& config);

}  // namespace fanion::cp::flags
