#pragma once

// The edits of flags and segments: create, change the definition, change one environment's
// configuration, delete. What differs between the two is in their ItemKind. Each function is called
// by http::edit_resource().
//
// Locks: the project before its environments, all of them in the order of lock_environments().

#include <string>
#include <utility>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/item_lookup.hpp"

namespace fanion::cp::items {

using Environments = std::vector<projects::LockedEnvironment>;
template <class Kind>
using PatchedOf = PatchedDefinition<typename Kind::Definition, typename Kind::Config>;

bool has_protected(const Environments& environments);
// Error (forbidden): the caller may not change one of the environments.
Result<> require_edit_everywhere(const http::Call& call, const Environments& environments);
std::vector<std::string> keys_of(const Environments& environments);
// What the removal of an item breaks is a conflict with its referrers, not a fault of the request:
// findings say what they would miss.
Error as_reference_conflict(Error error, std::string_view referrers, std::string_view item,
                            const std::string& environment);
// Whether `after` has a finding that `before` has not.
bool is_worse(const Error& after, const Error& before);
Error key_conflict(std::string_view kind, bool is_retired);

// The definition with each configuration under /environments/{env}: what the audit log holds of a
// creation and of a deletion.
template <class Definition, class Config>
std::string whole_json(const Definition& definition, const std::vector<Config>& configs) {
    auto text = to_json(definition);
    text.pop_back();
    text += ",\"environments\":";
    json::Writer w(text);
    w.begin_object();
    for (const auto& config : configs) w.key(config.environment).raw(to_json(definition.key, config));
    w.end_object();
    return text + '}';
}

template <class Definition, class Config>
wire::ItemChange item_change(const Definition& definition, const Config& config) {
    return is_in_ruleset(definition) ? http::put_item(item_key(definition), item_body(definition, config))
                                     : http::remove_item(item_key(definition));
}

// An archived item is in no ruleset. It is checked as if it were, so that it can be restored. What
// was wrong before may stay: its references may have been deleted meanwhile.
template <class Definition, class Config>
boost::asio::awaitable<Result<>> check_archived(http::Edit& edit, const projects::LockedEnvironment& env,
                                                const Definition& before, const Config& config_before,
                                                const Definition& after, const Config& config_after,
                                                body::BodyKind shape) {
    auto item = http::put_item(item_key(after), item_body(after, config_after));
    auto checked = co_await edit.check(env, std::move(item), shape);
    if (checked) co_return checked;
    auto held = http::put_item(item_key(before), item_body(before, config_before));
    const auto held_checked = co_await edit.check(env, std::move(held), shape);
    if (!held_checked && !is_worse(checked.error(), held_checked.error())) co_return boost::system::in_place_value;
    co_return checked;
}

// What a dry run answers: what the change does, and what depends on the item. `environment`: a key,
// or empty for all.
template <class Kind>
boost::asio::awaitable<void> preview(http::Edit& edit, const Kind& kind, access::ProjectId project_id, std::string key,
                                     std::string_view environment, std::vector<std::string> changes) {
    std::string where(environment);
    auto found = co_await kind.find_uses(edit.tx(), std::move(project_id), std::move(key), std::move(where));
    keep_readable(edit.call(), found);
    http::Preview preview{std::move(changes), {}, found.has_more};
    json::Writer w(preview.dependants);
    write_uses(w, found.uses);
    edit.set_preview(std::move(preview));
}

// What the request makes of a configuration; notes where its parts come from.
template <class Kind>
Result<typename Kind::Config> requested_config(http::Edit& edit, const Kind& kind,
                                               const typename Kind::Definition& definition,
                                               const typename Kind::Config& present, const std::string& present_json) {
    if (edit.call().request.method != net::Method::patch) return kind.replace_config(definition, present, edit.body());
    auto patched = kind.patch_config(definition, present, present_json, edit.patch());
    if (!patched) return patched.error();
    edit.set_places(std::move(patched->places));
    return std::move(patched->after);
}

// -- One environment's configuration ----------------------------------------------------------------------------------

template <class Kind>
http::EditResult edit_config(http::Edit& edit, const Kind& kind) {
    auto& call = edit.call();
    edit.report_warnings();
    auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto found = co_await load_configured(call, edit.tx(), kind, *env);
    if (!found) co_return found.error();
    const auto& definition = found->row.definition;
    auto& config = found->config;
    auto before = edit.match(http::etag(config.version), to_json(definition.key, config), env->is_protected);
    if (!before) co_return before.error();
    auto after = requested_config(edit, kind, definition, config, before->text());
    if (!after) co_return after.error();
    if (edit.is_dry_run()) {
        auto changes = kind.describe_config(config, *after);
        co_await preview(edit, kind, env->project_id, definition.key, env->key, std::move(changes));
    }
    if (*after == config) {
        if (is_in_ruleset(definition)) {
            auto item = item_change(definition, config);
            co_await edit.check(*env, std::move(item), body::BodyKind::config);
        }
        co_return edit.unchanged(before->text(), http::etag(config.version));
    }
    if (!is_in_ruleset(definition)) {
        auto checked =
            co_await check_archived(edit, *env, definition, config, definition, *after, body::BodyKind::config);
        if (!checked) co_return checked.error();
    }
    config = std::move(*after);
    config.version += 1;
    config.updated_at = call.now();
    co_await kind.put_config(edit.tx(), found->row, *env, config, call.principal.actor_id());
    if (is_in_ruleset(definition)) {
        auto item = item_change(definition, config);
        auto published = co_await edit.publish(*env, std::move(item), body::BodyKind::config);
        if (!published) co_return published.error();
    }
    co_return edit.changed(kind.configured, std::move(*before), to_json(definition.key, config),
                           http::etag(config.version));
}

// -- Creation ---------------------------------------------------------------------------------------------------------

// Configuring an environment from the start takes the permission to change it.
template <class New>
Result<> require_create_permission(const http::Call& call, const New& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& given = made.environments[i];
        if (given == default_config(made.definition, given.environment, given.updated_at)) continue;
        const auto needed = access::permission_to_edit(environments[i].is_protected);
        if (auto ok = http::require_permission_in(call, environments[i].key, needed); !ok) return ok;
    }
    return boost::system::in_place_value;
}

// Stores and publishes a configuration in every environment.
template <class Kind>
boost::asio::awaitable<Result<>> publish_new(http::Edit& edit, const Kind& kind, const typename Kind::Row& row,
                                             const typename Kind::New& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& config = made.environments[i];
        co_await kind.put_config(edit.tx(), row, environments[i], config, edit.call().principal.actor_id());
        auto item = item_change(row.definition, config);
        auto published = co_await edit.publish(environments[i], std::move(item), body::BodyKind::creation);
        if (!published) co_return published;
    }
    co_return boost::system::in_place_value;
}

// Stores and publishes a new item; the environments are those of the project, locked. `collection`:
// the path of the project's items.
template <class Kind>
http::EditResult create_made(http::Edit& edit, const Kind& kind, access::ProjectId project_id,
                             const typename Kind::New& made, const Environments& environments, std::string collection) {
    auto& call = edit.call();
    if (auto ok = require_create_permission(call, made, environments); !ok) co_return ok.error();
    const auto taken = co_await kind.find(edit.tx(), project_id, made.definition.key);
    if (taken) co_return key_conflict(kind.name, taken->is_deleted);
    if (edit.is_dry_run()) {
        auto changes = kind.describe_creation(made.definition, made.environments);
        edit.set_preview({.changes = std::move(changes)});
    }
    const auto row = co_await kind.insert(edit.tx(), call.org.org_id, project_id, made.definition);
    auto published = co_await publish_new(edit, kind, row, made, environments);
    if (!published) co_return published.error();
    auto outcome = edit.created_in(std::move(collection), kind.created, row.definition.key, to_json(row.definition),
                                   http::etag(row.definition.version));
    outcome.audit->after = whole_json(row.definition, made.environments);
    co_return outcome;
}

template <class Kind>
http::EditResult create(http::Edit& edit, const Kind& kind) {
    auto& call = edit.call();
    edit.report_warnings();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto made = kind.create(edit.body(), keys_of(environments), call.now());
    if (!made) co_return made.error();
    auto collection = http::path_of(call);
    co_return co_await create_made(edit, kind, project->project_id, *made, environments, std::move(collection));
}

// -- The definition ---------------------------------------------------------------------------------------------------

// The configurations, in the order of `environments`.
template <class Kind>
boost::asio::awaitable<std::vector<typename Kind::Config>> load_configs(db::Transaction& tx, const Kind& kind,
                                                                        const typename Kind::Row& row,
                                                                        const Environments& environments) {
    std::vector<typename Kind::Config> found;
    for (const auto& env : environments) {
        auto config = co_await kind.find_config(tx, row, env.env_id);
        if (config) found.push_back(std::move(*config));
    }
    co_return found;
}

// The one of `configs` that is for the environment; null if there is none.
template <class Config>
const Config* config_in(const std::vector<Config>& configs, const std::string& environment) {
    for (const auto& config : configs)
        if (config.environment == environment) return &config;
    return nullptr;
}

// Publishes a changed definition in every environment, with a new version of its item in each;
// archived, its removal. `edited`: configurations that changed with it.
template <class Kind>
boost::asio::awaitable<Result<>> publish_everywhere(http::Edit& edit, const Kind& kind, const typename Kind::Row& row,
                                                    const Environments& environments,
                                                    const std::vector<typename Kind::Config>& edited) {
    for (const auto& env : environments) {
        auto config = co_await kind.find_config(edit.tx(), row, env.env_id);
        if (!config) continue;
        if (const auto* wanted = config_in(edited, env.key)) config = *wanted;
        config->version += 1;
        config->updated_at = edit.call().now();
        co_await kind.put_config(edit.tx(), row, env, *config, edit.call().principal.actor_id());
        auto item = item_change(row.definition, *config);
        auto published = co_await edit.publish(env, std::move(item), body::BodyKind::definition);
        if (!published && !is_in_ruleset(row.definition)) {
            co_return as_reference_conflict(published.error(), kind.referrers, item_key(row.definition), env.key);
        }
        if (!published) co_return published;
    }
    co_return boost::system::in_place_value;
}

// Nothing to publish; the response has the warnings about the item as it is.
template <class Kind>
boost::asio::awaitable<void> check_everywhere(http::Edit& edit, const Kind& kind, const typename Kind::Row& row,
                                              const Environments& environments) {
    if (!is_in_ruleset(row.definition)) co_return;
    for (const auto& env : environments) {
        if (!edit.call().may_read_in(env.key)) continue;
        const auto config = co_await kind.find_config(edit.tx(), row, env.env_id);
        if (!config) continue;
        auto item = item_change(row.definition, *config);
        co_await edit.check(env, std::move(item), body::BodyKind::definition);
    }
}

// The definition of an archived item that stays archived, with each configuration.
template <class Kind>
boost::asio::awaitable<Result<>> check_archived_everywhere(http::Edit& edit, const Kind& kind,
                                                           const typename Kind::Row& row,
                                                           const typename Kind::Definition& before,
                                                           const Environments& environments,
                                                           const std::vector<typename Kind::Config>& edited) {
    for (const auto& env : environments) {
        const auto config = co_await kind.find_config(edit.tx(), row, env.env_id);
        if (!config) continue;
        const auto* wanted = config_in(edited, env.key);
        auto checked = co_await check_archived(edit, env, before, *config, row.definition, wanted ? *wanted : *config,
                                               body::BodyKind::definition);
        if (!checked) co_return checked;
    }
    co_return boost::system::in_place_value;
}

// Replaces row.definition with what was patched, stores it, and publishes it if evaluators see a
// difference.
template <class Kind>
boost::asio::awaitable<Result<>> store_definition(http::Edit& edit, const Kind& kind, typename Kind::Row& row,
                                                  PatchedOf<Kind> patched, const Environments& environments) {
    const auto before = std::exchange(row.definition, std::move(patched.after));
    row.definition.version += 1;
    row.definition.updated_at = edit.call().now();
    co_await kind.update(edit.tx(), row);
    if (same_for_evaluators(before, row.definition)) {
        co_await check_everywhere(edit, kind, row, environments);
        co_return boost::system::in_place_value;
    }
    if (!is_in_ruleset(before) && !is_in_ruleset(row.definition)) {
        auto checked = co_await check_archived_everywhere(edit, kind, row, before, environments, patched.configs);
        if (!checked) co_return checked;
    }
    co_return co_await publish_everywhere(edit, kind, row, environments, patched.configs);
}

// What the request makes of a definition; notes where its parts come from. `configs`: those that
// instructions may change with it.
template <class Kind>
Result<PatchedOf<Kind>> requested_definition(http::Edit& edit, const Kind& kind,
                                             const typename Kind::Definition& present, const std::string& present_json,
                                             std::vector<typename Kind::Config> configs) {
    if (edit.call().request.method != net::Method::patch) {
        auto after = kind.replace_definition(present, edit.body());
        if (!after) return after.error();
        return PatchedOf<Kind>{std::move(*after), {}};
    }
    auto patched = kind.patch_definition(present, present_json, edit.patch(), std::move(configs));
    if (patched) edit.set_places(patched->places);
    return patched;
}

template <class Kind>
http::EditResult edit_definition(http::Edit& edit, const Kind& kind) {
    auto& call = edit.call();
    edit.report_warnings();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    Environments environments;  // none where nothing is to be published
    if (kind.definition_travels) environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto row = co_await load_row(call, edit.tx(), kind, project->project_id);
    if (!row) co_return row.error();
    const auto& present = row->definition;
    const auto tag = http::etag(present.version);
    auto before = edit.match(tag, to_json(present));
    if (!before) co_return before.error();
    std::vector<typename Kind::Config> configs;
    const bool has_instructions = edit.patch().form == body::PatchForm::instructions;
    if (has_instructions) configs = co_await load_configs(edit.tx(), kind, *row, environments);
    auto patched = requested_definition(edit, kind, present, before->text(), std::move(configs));
    if (!patched) co_return patched.error();
    const auto& after = patched->after;
    if (edit.is_dry_run()) {
        auto changes = kind.describe_definition(present, after);
        co_await preview(edit, kind, project->project_id, present.key, "", std::move(changes));
    }
    if (after == present) {
        co_await check_everywhere(edit, kind, *row, environments);
        co_return edit.unchanged(before->text(), tag);
    }
    const bool reaches_protected = !same_for_evaluators(present, after) && has_protected(environments);
    const bool is_archived_or_restored = is_in_ruleset(present) != is_in_ruleset(after);
    if (is_archived_or_restored) {
        if (auto ok = http::require_throughout(call, access::Permission::archive); !ok) co_return ok.error();
    }
    if (!same_for_evaluators(present, after)) {
        if (auto ok = require_edit_everywhere(call, environments); !ok) co_return ok.error();
    }
    before = edit.match(tag, before->text(), reaches_protected);
    if (!before) co_return before.error();
    auto stored = co_await store_definition(edit, kind, *row, std::move(*patched), environments);
    if (!stored) co_return stored.error();
    co_return edit.changed(kind.updated, std::move(*before), to_json(row->definition),
                           http::etag(row->definition.version));
}

// -- Deletion ---------------------------------------------------------------------------------------------------------

template <class Kind>
http::EditResult remove(http::Edit& edit, const Kind& kind) {
    auto& call = edit.call();
    if (auto ok = http::require_throughout(call, access::Permission::del); !ok) co_return ok.error();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto row = co_await load_row(call, edit.tx(), kind, project->project_id);
    if (!row) co_return row.error();
    const auto& definition = row->definition;
    const bool reaches_protected = is_in_ruleset(definition) && has_protected(environments);
    auto before = edit.match(http::etag(definition.version), to_json(definition), reaches_protected);
    if (!before) co_return before.error();
    const auto configs = co_await load_configs(edit.tx(), kind, *row, environments);
    if (edit.is_dry_run()) {
        auto changes = kind.describe_deletion(definition);
        co_await preview(edit, kind, project->project_id, definition.key, "", std::move(changes));
    }
    co_await kind.remove(edit.tx(), *row, call.now());
    for (const auto& env : environments) {
        auto item = http::remove_item(item_key(definition));
        auto published = co_await edit.publish(env, std::move(item), body::BodyKind::definition);
        if (!published) {
            co_return as_reference_conflict(published.error(), kind.referrers, item_key(definition), env.key);
        }
    }
    auto outcome = edit.deleted(kind.deleted, std::move(*before));
    outcome.audit->before = whole_json(definition, configs);
    co_return outcome;
}

}  // namespace fanion::cp::items
