#pragma once

// PATCH of flags in its three forms: merge patch, JSON Patch, instructions. Pure.
//
// A merge patch has the places of what it makes; so findings point into the body. Findings about
// what a JSON Patch makes have the item and point into it. Findings about what instructions make
// point to the instruction that wrote it.

#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/body/patch.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/items/item_body.hpp"

namespace fanion::cp::flags {

// `present_json` is to_json() of the present state. Errors: those of flag_edit.hpp,
// apply_json_patch() and apply_instructions().
Result<items::PatchedDefinition<FlagDefinition, FlagEnvironment>> patch_flag(const FlagDefinition& present,
                                                                             std::string_view present_json,
                                                                             const body::Patch& patch,
                                                                             std::vector<FlagEnvironment> configs);
Result<body::Patched<FlagEnvironment>> patch_flag_config(const FlagDefinition& definition,
                                                         const FlagEnvironment& present, std::string_view present_json,
                                                         const body::Patch& patch, const MakeId& make_id);

}  // namespace fanion::cp::flags
