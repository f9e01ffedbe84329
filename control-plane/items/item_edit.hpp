#pragma once

// The edits of flags and segments: create, change one environment's configuration, delete; for
// changes of the definition see definition_edit.hpp. What differs between the two is in their
// ItemKind. Each function is called by http::edit_resource().
//
// Locks: the project before its environments, all of them in the order of lock_environments().

#include <string>
#include <utility>
#include <vector>

#include "common/json/writer.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/items/item_kind.hpp"
#include "control-plane/items/item_lookup.hpp"
#include "control-plane/quotas/room.hpp"

namespace fanion::cp::items {

using Environments = std::vector<projects::LockedEnvironment>;

bool has_protected(const Environments& environments);
// Error (forbidden): the caller may not change one of the environments.
Result<> require_edit_everywhere(const http::Call& call, const Environments& environments);
std::vector<std::string> keys_of(const Environments& environments);
// What the removal of an item breaks is a conflict with its referrers, not a fault of the request:
// findings say what they would miss.
Error as_reference_conflict(Error error, std::string_view referrers, std::string_view item,
                            const std::string& environment);
// Of what an instruction refuses because a variation is still served: not where, unless the caller
// may read all of the environments.
Error hide_unreadable_uses(const http::Call& call, const Environments& environments, Error error);
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

// A configuration that is about to be changed. `after` has its new version and time.
template <class Kind>
struct ConfigChange {
    projects::LockedEnvironment env;
    typename Kind::Row row;
    typename Kind::Config before;
    typename Kind::Config after;
    http::Before text;  // of `before`
};

// Stores, publishes and answers it.
template <class Kind>
http::EditResult write_config(http::Edit& edit, const Kind& kind, ConfigChange<Kind> change) {
    const auto& definition = change.row.definition;
    const auto& config = change.after;
    co_await kind.put_config(edit.tx(), change.row, change.env, config, edit.call().principal.actor_id());
    if (is_in_ruleset(definition)) {
        auto item = item_change(definition, config);
        auto published = co_await edit.publish(change.env, std::move(item), body::BodyKind::config);
        if (!published) co_return published.error();
    }
    co_return edit.changed(kind.configured, std::move(change.text), to_json(definition.key, config),
                           http::etag(config.version));
}

// `write`: write_config(), or what a kind has in its place.
template <class Kind>
http::EditResult edit_config_with(http::Edit& edit, const Kind& kind,
                                  http::EditResult (*write)(http::Edit&, const Kind&, ConfigChange<Kind>)) {
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
    after->version += 1;
    after->updated_at = call.now();
    ConfigChange<Kind> change{std::move(*env), std::move(found->row), std::move(config), std::move(*after),
                              std::move(*before)};
    auto outcome = co_await write(edit, kind, std::move(change));
    co_return outcome;
}

template <class Kind>
http::EditResult edit_config(http::Edit& edit, const Kind& kind) {
    return edit_config_with(edit, kind, write_config<Kind>);
}

// -- Creation ---------------------------------------------------------------------------------------------------------

// Configuring an environment from the start takes the permission to change it.
template <class New>
Result<> require_create_permission(const http::Call& call, const New& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& given = made.environments[i];
        if (given == default_config(made.definition, given.environment, given.updated_at)) continue;
        const auto needed = http::permission_to_edit(call, environments[i].is_protected);
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
        const bool is_default = config == default_config(made.definition, config.environment, config.updated_at);
        const auto need = is_default ? http::ApprovalNeed::none : http::ApprovalNeed::as_configured;
        auto published = co_await edit.publish(environments[i], std::move(item), body::BodyKind::creation, need);
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
    auto room = co_await quotas::require_room(edit, kind.quota);
    if (!room) co_return room.error();
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
