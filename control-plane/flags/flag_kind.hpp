#pragma once

// Flags as a kind of item: what items/item_edit.hpp needs to know of them. Immutable.

#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/flags/flag_patch.hpp"
#include "control-plane/flags/flag_sentences.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/use_store.hpp"

namespace fanion::cp::flags {

using FlagKind = items::ItemKind<Flag, FlagEnvironment, NewFlag>;

inline constexpr FlagKind flag_kind{
    .name = "flag",
    .referrers = "other flags",
    .definition_travels = true,
    .quota = quotas::Quota::flags,
    .created = audit::Action::flag_created,
    .updated = audit::Action::flag_updated,
    .configured = audit::Action::flag_configured,
    .deleted = audit::Action::flag_deleted,
    .create = [](json::Value body, const std::vector<std::string>& environment_keys,
                 UnixMillis now) { return create_flag(body, environment_keys, make_rule_id, now); },
    .replace_definition = replace_definition,
    .patch_definition = patch_flag,
    .replace_config = [](const FlagDefinition& definition, const FlagEnvironment& present,
                         json::Value body) { return replace_config(definition, present, body, make_rule_id); },
    .patch_config =
        [](const FlagDefinition& definition, const FlagEnvironment& present, std::string_view present_json,
           const body::Patch& patch) {
            return patch_flag_config(definition, present, present_json, patch, make_rule_id);
        },
    .describe_definition = describe_definition,
    .describe_config = [](const FlagEnvironment& before,
                          const FlagEnvironment& after) { return describe_config(before.config, after.config); },
    .describe_creation = describe_creation,
    .describe_deletion = describe_deletion,
    .find_uses =
        [](db::Transaction& tx, access::ProjectId project_id, std::string key, std::string environment) {
            return items::find_flag_uses(tx, std::move(project_id), std::move(key), "", std::move(environment));
        },
    .list = list_flags,
    .find = find_flag,
    .insert = insert_flag,
    .update = update_flag,
    .remove = delete_flag,
    .find_config = find_flag_config,
    .find_configured = find_configured_flag,
    .put_config = put_flag_config,
};

}  // namespace fanion::cp::flags
