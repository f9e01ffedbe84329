#pragma once

// Changes of the definition of a flag or segment, which reach every environment of its project.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/items/item_edit.hpp"

namespace fanion::cp::items {

template <class Kind>
using PatchedOf = PatchedDefinition<typename Kind::Definition, typename Kind::Config>;

// The one of `configs` that is for the environment; null if there is none.
template <class Config>
Config* config_in(std::vector<Config>& configs, const std::string& environment) {
    for (auto& config : configs)
        if (config.environment == environment) return &config;
    return nullptr;
}

// Publishes a changed definition in every environment, with a new version of its item in each;
// archived, its removal. `edited`: configurations that may have changed with it; they get their new
// versions.
template <class Kind>
boost::asio::awaitable<Result<>> publish_everywhere(http::Edit& edit, const Kind& kind, const typename Kind::Row& row,
                                                    const Environments& environments,
                                                    std::vector<typename Kind::Config>& edited) {
    for (const auto& env : environments) {
        auto config = co_await kind.find_config(edit.tx(), row, env.env_id);
        if (!config) continue;
        auto* wanted = config_in(edited, env.key);
        if (wanted != nullptr) config = *wanted;
        config->version += 1;
        config->updated_at = edit.call().now();
        if (wanted != nullptr) *wanted = *config;
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
    if (!kind.definition_travels || !is_in_ruleset(row.definition)) co_return;
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
                                                           std::vector<typename Kind::Config>& edited) {
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
// difference (`travels`).
template <class Kind>
boost::asio::awaitable<Result<>> store_definition(http::Edit& edit, const Kind& kind, typename Kind::Row& row,
                                                  PatchedOf<Kind>& patched, bool travels,
                                                  const Environments& environments) {
    const auto before = std::exchange(row.definition, std::move(patched.after));
    row.definition.version += 1;
    row.definition.updated_at = edit.call().now();
    co_await kind.update(edit.tx(), row);
    if (!travels) {
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

// Those of `after` that differ; `before` are the same environments, or `after` is empty.
template <class Config>
std::vector<std::size_t> changed_configs(const std::vector<Config>& before, const std::vector<Config>& after) {
    std::vector<std::size_t> changed;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (after[i] != before[i]) changed.push_back(i);
    return changed;
}

// An entry for each configuration that instructions have changed with the definition.
template <class Kind>
void record_configs(http::EditOutcome& outcome, const Kind& kind, const std::string& key,
                    const std::vector<std::size_t>& changed, const std::vector<typename Kind::Config>& before,
                    const std::vector<typename Kind::Config>& after) {
    for (const auto i : changed) {
        auto resource = outcome.audit->resource + "/environments/" + after[i].environment;
        outcome.more.push_back({kind.configured, std::move(resource), to_json(key, before[i]), to_json(key, after[i])});
    }
    if (!outcome.more.empty()) outcome.group = audit::new_entry_id();
}

template <class Kind>
http::EditResult edit_definition(http::Edit& edit, const Kind& kind) {
    auto& call = edit.call();
    edit.report_warnings();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    auto row = co_await load_row(call, edit.tx(), kind, project->project_id);
    if (!row) co_return row.error();
    const auto& present = row->definition;
    const auto tag = http::etag(present.version);
    auto before = edit.match(tag, to_json(present));
    if (!before) co_return before.error();
    std::vector<typename Kind::Config> configs;
    const bool has_instructions = edit.patch().form == body::PatchForm::instructions;
    if (has_instructions && kind.definition_travels)
        configs = co_await load_configs(edit.tx(), kind, *row, environments);
    auto patched = requested_definition(edit, kind, present, before->text(), configs);
    if (!patched) co_return hide_unreadable_uses(call, environments, patched.error());
    const auto& after = patched->after;
    const auto changed = changed_configs(configs, patched->configs);
    const bool travels = !changed.empty() || !same_for_evaluators(present, after);
    if (edit.is_dry_run()) {
        auto changes = kind.describe_definition(present, after);
        co_await preview(edit, kind, project->project_id, present.key, "", std::move(changes));
    }
    if (after == present && changed.empty()) {
        co_await check_everywhere(edit, kind, *row, environments);
        co_return edit.unchanged(before->text(), tag);
    }
    const bool reaches_protected = travels && has_protected(environments);
    const bool is_archived_or_restored = is_in_ruleset(present) != is_in_ruleset(after);
    if (is_archived_or_restored) {
        if (auto ok = http::require_throughout(call, access::Permission::archive); !ok) co_return ok.error();
    }
    if (travels) {
        if (auto ok = require_edit_everywhere(call, environments); !ok) co_return ok.error();
    }
    before = edit.match(tag, before->text(), reaches_protected);
    if (!before) co_return before.error();
    auto stored = co_await store_definition(edit, kind, *row, *patched, travels, environments);
    if (!stored) co_return stored.error();
    auto outcome =
        edit.changed(kind.updated, std::move(*before), to_json(row->definition), http::etag(row->definition.version));
    record_configs(outcome, kind, row->definition.key, changed, configs, patched->configs);
    co_return outcome;
}

}  // namespace fanion::cp::items
