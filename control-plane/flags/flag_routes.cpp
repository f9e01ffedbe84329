#include "control-plane/flags/flag_routes.hpp"

#include <algorithm>

#include "common/rule/expand.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/flags/flag_lookup.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;
using Environments = std::vector<projects::LockedEnvironment>;

bool has_protected(const Environments& environments) {
    return std::any_of(environments.begin(), environments.end(), [](const auto& env) { return env.is_protected; });
}

// Configuring a protected environment from the start takes more than creating a flag in it.
Result<> require_create_permission(const http::Call& call, const NewFlag& made, const Environments& environments) {
    const auto usual = default_config(made.definition);
    for (std::size_t i = 0; i < environments.size(); ++i) {
        if (!environments[i].is_protected || made.environments[i].config == usual) continue;
        if (auto ok = projects::require_edit_permission(call, true); !ok) return ok;
    }
    return boost::system::in_place_value;
}

awaitable<Result<Flag>> insert_new(http::Call& call, http::Edit& change, const projects::Project& project,
                                   const NewFlag& made) {
    const auto taken = co_await find_flag(change.tx(), project.project_id.str(), made.definition.key);
    if (taken && taken->is_deleted) {
        co_return http::conflict("/key", "retired", "a flag with this key was deleted; keys are never given out again");
    }
    if (taken) co_return http::conflict("/key", "taken", "there is a flag with this key");
    co_return co_await insert_flag(change.tx(), call.org.org_id.str(), project.project_id.str(), made.definition);
}

awaitable<Result<>> publish_new(http::Call& call, http::Edit& change, const Flag& flag, const NewFlag& made,
                                const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& env = environments[i];
        co_await put_flag_config(change.tx(), env.org_id.str(), flag.flag_id, env.env_id.str(), made.environments[i],
                                 call.principal.user_id.str());
        auto item = http::put_item(item_key(flag.definition), item_body(flag.definition, made.environments[i]));
        auto published = co_await change.publish(env, std::move(item), body::BodyKind::creation);
        if (!published) co_return published;
    }
    co_return change.reject_warnings_if_strict();
}

// The flag as it is from now on in every environment: with a version of its own in each, or gone from all.
awaitable<Result<>> publish_everywhere(http::Call& call, http::Edit& change, const Flag& flag,
                                       const Environments& environments) {
    for (const auto& env : environments) {
        auto config = co_await find_flag_config(change.tx(), flag.flag_id, env.env_id.str());
        if (!config) continue;
        config->version += 1;
        config->updated_at = call.now();
        co_await put_flag_config(change.tx(), env.org_id.str(), flag.flag_id, env.env_id.str(), *config,
                                 call.principal.user_id.str());
        const auto key = item_key(flag.definition);
        auto item = flag.definition.archived || flag.is_deleted
                        ? http::remove_item(key)
                        : http::put_item(key, item_body(flag.definition, *config));
        auto published = co_await change.publish(env, std::move(item), body::BodyKind::definition);
        if (!published) co_return published;
    }
    co_return change.reject_warnings_if_strict();
}

// Nothing to publish; what the checks say of the flag stays true.
awaitable<void> check_everywhere(http::Edit& change, const Flag& flag, const Environments& environments) {
    if (flag.definition.archived) co_return;
    for (const auto& env : environments) {
        const auto config = co_await find_flag_config(change.tx(), flag.flag_id, env.env_id.str());
        if (!config) continue;
        auto item = http::put_item(item_key(flag.definition), item_body(flag.definition, *config));
        co_await change.check(env, std::move(item), body::BodyKind::definition);
    }
}

// What a flag's removal breaks is a conflict, not a fault of the request.
Error as_reference_conflict(Error error) {
    if (error.code != Errc::unprocessable) return error;
    error.code = Errc::conflict;
    error.detail = "other flags still refer to this one";
    return error;
}

net::Response flag_response(http::Call& call, const FlagDefinition& definition) {
    return http::resource_response(call, to_json(definition), http::etag(definition.version));
}

// Who may make this edit, and whether it must name the version it was made from.
struct EditRequirements {
    access::Permission permission;
    bool is_protected;
};
EditRequirements requirements_of(const FlagDefinition& before, const FlagDefinition& after,
                                 const Environments& environments) {
    const bool reaches_protected = !same_for_evaluators(before, after) && has_protected(environments);
    const bool is_archiving = before.archived != after.archived;
    return {access::permission_to_edit(reaches_protected || is_archiving), reaches_protected};
}

using Edit = Result<FlagDefinition> (*)(const FlagDefinition&, json::Value);

http::Answer change_definition(http::Call& call, Edit edit) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(change.tx(), project->project_id);
    auto flag = co_await load_flag(call, change.tx(), project->project_id.str());
    if (!flag) co_return flag.error();
    const auto before = flag->definition;
    const auto before_text = to_json(before);
    if (auto failed = http::failed_precondition(call, http::etag(before.version), before_text, false))
        co_return std::move(*failed);
    auto after = edit(before, (*body)->root());
    if (!after) co_return after.error();
    if (same_definition(before, *after)) {
        co_await check_everywhere(change, *flag, environments);
        auto response = flag_response(call, before);
        change.add_warnings(response);
        co_return response;
    }
    const auto weight = requirements_of(before, *after, environments);
    if (!call.has_permission(weight.permission)) co_return http::forbidden(weight.permission);
    if (auto failed = http::failed_precondition(call, http::etag(before.version), before_text, weight.is_protected)) {
        co_return std::move(*failed);
    }
    flag->definition = std::move(*after);
    flag->definition.version += 1;
    flag->definition.updated_at = call.now();
    co_await update_flag(change.tx(), *flag);
    if (!same_for_evaluators(before, flag->definition)) {
        auto published = co_await publish_everywhere(call, change, *flag, environments);
        if (!published) {
            const bool is_archiving = flag->definition.archived && !before.archived;
            co_return is_archiving ? as_reference_conflict(published.error()) : published.error();
        }
    } else {
        co_await check_everywhere(change, *flag, environments);
    }
    change.set_audit_entry(audit::Action::flag_updated, http::resource_of(call), before_text,
                           to_json(flag->definition));
    co_await change.commit();
    auto response = flag_response(call, flag->definition);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

void write_listed(json::Writer& w, const Flag& flag, const std::vector<FlagSummary>& summaries) {
    w.begin_object();
    write_definition_members(w, flag.definition);
    w.key("environments").begin_object();
    for (const auto& summary : summaries) {
        w.key(summary.environment).begin_object().member("enabled", summary.enabled);
        w.member("version", summary.version).end_object();
    }
    w.end_object().end_object();
}

http::Answer handle_list_flags(http::Call& call) {
    auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    FlagPage wanted{page->after, page->limit, http::query(call, "q").value_or("")};
    auto flags = co_await list_flags(tx, project->project_id.str(), std::move(wanted));
    const bool has_more = http::truncate_to_page(flags, page->limit);
    const auto summaries = co_await summarise_flags(tx, flags);
    std::optional<std::string> next;
    if (has_more) next = http::cursor_after(flags.back().definition.key);
    const auto write_items = [&](json::Writer& w) {
        for (std::size_t i = 0; i < flags.size(); ++i) write_listed(w, flags[i], summaries[i]);
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_create_flag(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(change.tx(), project->project_id);
    std::vector<std::string> keys;
    for (const auto& env : environments) keys.push_back(env.key);
    auto made = create_flag((*body)->root(), keys, make_rule_id, call.now());
    if (!made) co_return made.error();
    if (auto ok = require_create_permission(call, *made, environments); !ok) co_return ok.error();
    auto flag = co_await insert_new(call, change, *project, *made);
    if (!flag) co_return flag.error();
    auto published = co_await publish_new(call, change, *flag, *made, environments);
    if (!published) co_return rule::locate_in_body(published.error(), (*body)->root());
    auto text = to_json(flag->definition);
    change.set_audit_entry(audit::Action::flag_created, http::resource_of(call) + '/' + flag->definition.key,
                           std::nullopt, text);
    co_await change.commit();
    auto response = net::json_response(std::move(text), 201);
    response.set("Location", std::string(call.request.path) + '/' + flag->definition.key);
    response.set("ETag", http::etag(flag->definition.version));
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

http::Answer handle_get_flag(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto flag = co_await load_flag(call, tx, project->project_id.str());
    if (!flag) co_return flag.error();
    co_return flag_response(call, flag->definition);
}

http::Answer handle_replace_flag(http::Call& call) { return change_definition(call, replace_definition); }

http::Answer handle_patch_flag(http::Call& call) { return change_definition(call, patch_definition); }

http::Answer handle_delete_flag(http::Call& call) {
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(change.tx(), project->project_id);
    auto flag = co_await load_flag(call, change.tx(), project->project_id.str());
    if (!flag) co_return flag.error();
    const auto text = to_json(flag->definition);
    const bool reaches_protected = !flag->definition.archived && has_protected(environments);
    auto failed = http::failed_precondition(call, http::etag(flag->definition.version), text, reaches_protected);
    if (failed) co_return std::move(*failed);
    flag->is_deleted = true;
    co_await delete_flag(change.tx(), flag->flag_id, call.now());
    auto published = co_await publish_everywhere(call, change, *flag, environments);
    if (!published) co_return as_reference_conflict(published.error());
    change.set_audit_entry(audit::Action::flag_deleted, http::resource_of(call), text, std::nullopt);
    co_await change.commit();
    auto response = net::empty_response(204);
    change.add_versions(response);
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags", Permission::read, handle_list_flags, "limit cursor q"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/flags", Permission::edit, handle_create_flag, "strict"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::read, handle_get_flag},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_replace_flag,
     "strict"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_patch_flag,
     "strict"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::administer, handle_delete_flag},
};

}  // namespace

std::span<const http::Route> flag_routes() noexcept { return table; }

}  // namespace fanion::cp::flags
