#include "control-plane/flags/bulk_routes.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "common/base/ids.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/flags/bulk.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_edit.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;
using items::Environments;

struct Loaded {
    Flag row;
    BulkFlag state;
};
using LoadedFlags = std::map<std::string, Loaded>;  // by key

Error unknown_flag(const BulkRequest& request, const std::string& key) {
    std::string pointer;
    for (const auto& change : request.changes) {
        for (std::size_t i = 0; i < change.flags.size() && pointer.empty(); ++i)
            if (change.flags[i] == key) pointer = change.pointer + "/flags/" + std::to_string(i);
    }
    const auto detail = "there is no flag `" + key + "` in this project";
    return {Errc::unprocessable, detail, {{"", std::move(pointer), "unknown_flag", detail}}};
}

awaitable<Result<LoadedFlags>> load_flags(db::Transaction& tx, access::ProjectId project_id, const BulkRequest& request,
                                          const Environments& environments) {
    LoadedFlags loaded;
    for (const auto& key : request.flags) {
        auto row = co_await find_flag(tx, project_id, key);
        if (!row || row->is_deleted) co_return unknown_flag(request, key);
        auto configs = co_await items::load_configs(tx, flag_kind, *row, environments);
        std::sort(configs.begin(), configs.end(),
                  [](const auto& a, const auto& b) { return a.environment < b.environment; });
        auto& flag = loaded[key];
        flag.state = {row->definition, row->definition, configs, configs, {}, {}};
        flag.row = std::move(*row);
    }
    co_return loaded;
}

// Before anything is applied: what is wrong with instructions tells what the configuration is.
Result<> check_readable(const http::Call& call, const BulkRequest& request) {
    for (const auto& change : request.changes) {
        if (change.environment.empty() || call.may_read_in(change.environment)) continue;
        return http::not_found("environment");
    }
    return boost::system::in_place_value;
}

Result<> apply_all(const BulkRequest& request, LoadedFlags& flags) {
    for (const auto& change : request.changes) {
        for (const auto& key : change.flags)
            if (auto ok = apply_bulk(change, flags.at(key).state, make_rule_id); !ok) return ok;
    }
    return boost::system::in_place_value;
}

bool is_protected(const Environments& environments, const std::string& key) {
    for (const auto& env : environments)
        if (env.key == key) return env.is_protected;
    return false;
}

Error unconfirmed(const std::string& flag, const std::string& what) {
    const auto detail = "this changes a protected environment: name the version of " + what + " of flag `" + flag +
                        "` that you saw, in `versions`";
    return {Errc::precondition_required, detail, {{"", "/changes", "missing_version", detail}}};
}

// The rules of items::edit_config() and edit_definition().
Result<> check_allowed(const http::Call& call, const BulkFlag& flag, const Environments& environments) {
    const bool travels = !same_for_evaluators(flag.before, flag.after);
    const bool reaches = travels && items::has_protected(environments);
    if (flag.before.archived != flag.after.archived) {
        if (auto ok = http::require_throughout(call, access::Permission::archive); !ok) return ok;
    }
    if (travels) {
        if (auto ok = items::require_edit_everywhere(call, environments); !ok) return ok;
    }
    // What is carried out for somebody stands for the version that it finds, as If-Match: * does.
    const bool is_confirmed = call.enclosure != nullptr;
    if (reaches && !is_confirmed && !flag.confirmed.contains("")) return unconfirmed(flag.before.key, "the definition");
    for (std::size_t i = 0; i < flag.configs.size(); ++i) {
        const auto& environment = flag.configs[i].environment;
        if (!is_config_changed(flag, i)) continue;
        const bool is_guarded = is_protected(environments, environment);
        const auto needed = access::permission_to_edit(is_guarded);
        if (auto ok = http::require_permission_in(call, environment, needed); !ok) return ok;
        // The definition's version stands for what a change of the definition did to the configuration.
        const bool is_named = flag.configured.contains(environment);
        if (is_guarded && !is_confirmed && (is_named || !reaches) && !flag.confirmed.contains(environment))
            return unconfirmed(flag.before.key, "the configuration in " + environment);
    }
    return boost::system::in_place_value;
}

// What is to be published, in the order of the environments.
using Items = std::map<std::string, std::vector<wire::ItemChange>>;

// Stores a changed flag, with the versions of what changed.
awaitable<Result<>> store(http::Edit& edit, Loaded& flag, const Environments& environments, Items& changes) {
    auto& state = flag.state;
    const bool travels = !same_for_evaluators(state.before, state.after);
    if (state.after != state.before) {
        state.after.version += 1;
        state.after.updated_at = edit.call().now();
        flag.row.definition = state.after;
        co_await update_flag(edit.tx(), flag.row);
    }
    const bool is_published = is_in_ruleset(state.before) || is_in_ruleset(state.after);
    for (const auto& env : environments) {
        for (std::size_t i = 0; i < state.configs.size(); ++i) {
            auto& config = state.configs[i];
            if (config.environment != env.key || (!travels && !is_config_changed(state, i))) continue;
            config.version += 1;
            config.updated_at = edit.call().now();
            co_await put_flag_config(edit.tx(), flag.row, env, config, edit.call().principal.actor_id());
            if (is_published) {
                changes[env.key].push_back(items::item_change(state.after, config));
                continue;
            }
            auto checked = co_await items::check_archived(edit, env, state.before, state.configs_before[i], state.after,
                                                          config, body::BodyKind::config);
            if (!checked) co_return checked;
        }
    }
    co_return boost::system::in_place_value;
}

awaitable<Result<>> publish_all(http::Edit& edit, const Environments& environments, Items changes) {
    for (const auto& env : environments) {
        auto found = changes.find(env.key);
        if (found == changes.end()) continue;
        auto published = co_await edit.publish_all(env, std::move(found->second));
        if (!published) co_return body::relocate_to_body(published.error(), "", body::BodyKind::definition, env.key);
    }
    co_return boost::system::in_place_value;
}

// One entry for each resource that changed.
std::vector<http::AuditRecord> audit_records(const http::Call& call, const LoadedFlags& flags) {
    auto base = http::resource_of(call);
    base.replace(base.rfind("bulk"), 4, "flags/");
    std::vector<http::AuditRecord> records;
    for (const auto& [key, flag] : flags) {
        const auto& state = flag.state;
        if (state.after != state.before)
            records.push_back({audit::Action::flag_updated, base + key, to_json(state.before), to_json(state.after)});
        for (std::size_t i = 0; i < state.configs.size(); ++i) {
            if (!is_config_changed(state, i)) continue;
            records.push_back({audit::Action::flag_configured,
                               base + key + "/environments/" + state.configs[i].environment,
                               to_json(key, state.configs_before[i]), to_json(key, state.configs[i])});
        }
    }
    return records;
}

std::string answer_text(const http::Call& call, const LoadedFlags& flags, const std::string& group) {
    return body::object_text([&](json::Writer& w) {
        w.member("group", group).key("changed").begin_array();
        for (const auto& [key, flag] : flags) {
            if (!is_changed(flag.state)) continue;
            w.begin_object().member("flag", key).member("version", flag.state.after.version).key("environments");
            w.begin_object();
            for (const auto& config : flag.state.configs)
                if (call.may_read_in(config.environment)) w.member(config.environment, config.version);
            w.end_object().end_object();
        }
        w.end_array().key("unchanged").begin_array();
        for (const auto& [key, flag] : flags)
            if (!is_changed(flag.state)) w.string(key);
        w.end_array();
    });
}

http::EditResult change_in_bulk(http::Edit& edit, BulkRequest request) {
    auto& call = edit.call();
    auto comment = http::read_comment(call, edit.body());
    if (!comment) co_return comment.error();
    edit.set_comment(std::move(*comment));
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(edit.tx(), project->project_id);
    if (auto ok = check_readable(call, request); !ok) co_return ok.error();
    auto flags = co_await load_flags(edit.tx(), project->project_id, request, environments);
    if (!flags) co_return flags.error();
    // Findings inside items say which item; the body has no place for them.
    edit.set_places(body::Places::none());
    if (auto ok = apply_all(request, *flags); !ok)
        co_return items::hide_unreadable_uses(call, environments, ok.error());
    http::Preview preview;
    for (const auto& [key, flag] : *flags) {
        if (auto ok = check_allowed(call, flag.state, environments); !ok) co_return ok.error();
        if (!edit.is_dry_run()) continue;
        const auto sentences = describe_bulk(flag.state);
        preview.changes.insert(preview.changes.end(), sentences.begin(), sentences.end());
    }
    Items changes;
    for (auto& [key, flag] : *flags) {
        auto stored = co_await store(edit, flag, environments, changes);
        if (!stored) co_return stored.error();
    }
    auto published = co_await publish_all(edit, environments, std::move(changes));
    if (!published) co_return published.error();
    edit.set_preview(std::move(preview));
    auto records = audit_records(call, *flags);
    auto group = records.empty() ? std::string() : audit::new_entry_id();
    auto text = answer_text(call, *flags, group);
    co_return edit.changed_together(std::move(records), std::move(group), std::move(text));
}

http::Answer handle_bulk(http::Call& call) { return http::edit_resource(call, read_bulk, change_in_bulk); }

using access::Permission;
using net::Method;

constexpr http::Route bulk_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/bulk", Permission::edit, handle_bulk, "dry_run"},
};

}  // namespace

std::span<const http::Route> bulk_routes() noexcept { return bulk_table; }

}  // namespace fanion::cp::flags
