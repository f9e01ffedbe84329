#include "control-plane/flags/flag_patch.hpp"

#include <utility>

#include "common/json/tree.hpp"
#include "control-plane/body/apply_json_patch.hpp"
#include "control-plane/body/merge_patch.hpp"
#include "control-plane/flags/config_instructions.hpp"
#include "control-plane/flags/definition_instructions.hpp"

namespace fanion::cp::flags {
namespace {

using body::PatchForm;
using body::Places;
using json::Tree;
using PatchedFlag = items::PatchedDefinition<FlagDefinition, FlagEnvironment>;

Tree parse_present(std::string_view text) { return Tree::parse(text, body::composed_limits()).value(); }

Result<FlagDefinition> read_patched_definition(const FlagDefinition& present, const Tree& edited, const Places& places,
                                               json::Value body) {
    const auto document = json::to_document(edited, body::composed_limits());
    if (!document) return document.error();
    auto after = edited_definition(present, document->root(), items::DerivedMembers::unchanged);
    if (!after) return body::locate_error(after.error(), places, item_key(present), body);
    return after;
}

Result<PatchedFlag> instruct_flag(const FlagDefinition& present, Tree tree, json::Value body,
                                  std::vector<FlagEnvironment> configs) {
    DefinitionEdit edit{body::EditedTree(std::move(tree)), std::move(configs)};
    if (auto ok = body::apply_instructions(body, definition_instructions(), edit); !ok) return ok.error();
    auto places = edit.definition.places();
    auto after = read_patched_definition(present, edit.definition.tree(), places, body);
    if (!after) return after.error();
    return PatchedFlag{std::move(*after), std::move(edit.configs), std::move(places)};
}

Result<body::Patched<FlagEnvironment>> read_patched_config(const FlagDefinition& definition,
                                                           const FlagEnvironment& present, Tree edited, Places places,
                                                           json::Value body, const MakeId& make_id) {
    auto after = edited_config(definition, present, std::move(edited), items::DerivedMembers::unchanged, make_id);
    if (!after) return body::locate_error(after.error(), places, item_key(definition), body);
    return body::Patched<FlagEnvironment>{std::move(*after), std::move(places)};
}

}  // namespace

Result<PatchedFlag> patch_flag(const FlagDefinition& present, std::string_view present_json, const body::Patch& patch,
                               std::vector<FlagEnvironment> configs) {
    if (patch.form == PatchForm::merge) {
        auto after = patch_definition(present, present_json, patch.value);
        if (!after) return after.error();
        return PatchedFlag{std::move(*after), std::move(configs)};
    }
    auto tree = parse_present(present_json);
    if (patch.form == PatchForm::instructions)
        return instruct_flag(present, std::move(tree), patch.value, std::move(configs));
    if (auto ok = body::apply_json_patch(tree, patch.value); !ok) return ok.error();
    auto places = Places::none();
    auto after = read_patched_definition(present, tree, places, patch.value);
    if (!after) return after.error();
    return PatchedFlag{std::move(*after), std::move(configs), std::move(places)};
}

Result<body::Patched<FlagEnvironment>> patch_flag_config(const FlagDefinition& definition,
                                                         const FlagEnvironment& present, std::string_view present_json,
                                                         const body::Patch& patch, const MakeId& make_id) {
    if (patch.form == PatchForm::merge) {
        auto after = patch_config(definition, present, present_json, patch.value, make_id);
        if (!after) return after.error();
        return body::Patched<FlagEnvironment>{std::move(*after)};
    }
    auto tree = parse_present(present_json);
    if (patch.form == PatchForm::json_patch) {
        if (auto ok = body::apply_json_patch(tree, patch.value); !ok) return ok.error();
        return read_patched_config(definition, present, std::move(tree), Places::none(), patch.value, make_id);
    }
    body::EditedTree edited(std::move(tree));
    if (auto ok = body::apply_instructions(patch.value, config_instructions(), edited); !ok) return ok.error();
    auto places = edited.places();
    return read_patched_config(definition, present, std::move(edited).take(), std::move(places), patch.value, make_id);
}

}  // namespace fanion::cp::flags
