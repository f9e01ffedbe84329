#include "control-plane/projects/environment_routes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/deletion.hpp"
#include "control-plane/projects/environment_content.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/quotas/room.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_environments = 50;   // in a project
constexpr std::size_t most_with_deleted = 200;  // with those that can be restored

std::string environment_text(const Environment& environment) { return http::to_text(write_environment, environment); }

SettingsChange change_of(const http::Edit& edit, std::string_view present, std::string_view key) {
    return {edit.body(), edit.call().request.method == net::Method::patch, present, key};
}

http::Answer handle_list_environments(http::Call& call) {
    const auto is_of_deleted = wants_deleted(call);
    if (!is_of_deleted) co_return is_of_deleted.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    std::vector<Environment> environments;
    if (*is_of_deleted) {
        co_await show_deleted(tx);
        environments = co_await list_deleted_environments(tx, project->project_id, restorable_since(call));
        std::erase_if(environments, [&](const Environment& environment) { return !call.may_read_in(environment.key); });
    } else {
        environments = co_await list_readable_environments(call, tx, project->project_id);
    }
    co_return net::json_response(http::list_text(write_environment, environments));
}

Error too_many_environments() { return http::conflict("", "limit", "a project has at most 50 environments"); }

// Locks the environment that a new one is a copy of; none if it is not a copy.
awaitable<Result<std::optional<LockedEnvironment>>> lock_source(http::Edit& edit, const Project& project,
                                                                const NewEnvironment& made) {
    if (made.copy_of.empty()) co_return std::optional<LockedEnvironment>();
    auto source = co_await lock_environment(edit.tx(), project.project_id, made.copy_of);
    if (source && edit.call().may_read_in(made.copy_of)) co_return std::move(source);
    const std::string detail = "the project has no such environment";
    co_return Error{Errc::unprocessable, detail, {{"", "/copy_of", "unknown_environment", detail}}};
}

awaitable<Result<>> begin_environment(http::Edit& edit, const std::optional<LockedEnvironment>& source,
                                      const LockedEnvironment& env) {
    if (source) co_return co_await copy_environment(edit, *source, env);
    co_return co_await fill_environment(edit, env);
}

http::EditResult create_environment(http::Edit& edit, NewEnvironment given) {
    auto& call = edit.call();
    auto project = co_await lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto source = co_await lock_source(edit, *project, given);
    if (!source) co_return source.error();
    const auto present = co_await list_environments(edit.tx(), project->project_id);
    if (present.size() >= most_environments) co_return too_many_environments();
    const auto rows = co_await count_environments(edit.tx(), project->project_id);
    if (rows >= most_with_deleted) {
        co_return http::conflict("", "limit", "too many environments were deleted lately: their keys are in use still");
    }
    auto room = co_await quotas::require_room(edit, quotas::Quota::environments);
    if (!room) co_return room.error();
    auto env = co_await insert_environment(edit.tx(), call.org.org_id, project->project_id, std::move(given));
    if (!env) co_return http::conflict("/key", "taken", "there is an environment with this key, or a deleted one");
    env->is_comment_required = false;  // of changes: this is how it begins
    auto published = co_await begin_environment(edit, *source, *env);
    if (!published) co_return published.error();
    const auto made = co_await find_environment(edit.tx(), project->project_id, env->key);
    const auto text = environment_text(*made);
    co_return edit.created(audit::Action::environment_created, env->key, text, http::content_etag(text));
}

http::Answer handle_create_environment(http::Call& call) {
    return http::edit_resource(call, read_new_environment, create_environment);
}

http::Answer handle_get_environment(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto environment = co_await load_environment(call, tx);
    if (!environment) co_return environment.error();
    auto body = environment_text(*environment);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

Result<> require_if_protected(const http::Call& call, const Environment& env) {
    if (!env.is_protected) return boost::system::in_place_value;
    return http::require_permission(call, access::Permission::edit_protected);
}

// The project, then the environment of the path.
awaitable<Result<LockedEnvironment>> lock_for_change(http::Edit& edit) {
    auto& call = edit.call();
    const auto project = co_await lock_project(call, edit.tx());
    if (!project) co_return project.error();
    auto env = co_await lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = require_if_protected(call, *env); !ok) co_return ok.error();
    co_return std::move(*env);
}

http::EditResult change_environment(http::Edit& edit) {
    auto& call = edit.call();
    auto env = co_await lock_for_change(edit);
    if (!env) co_return env.error();
    const auto present = environment_text(*env);
    auto before = edit.match(http::content_etag(present), present, env->is_protected);
    if (!before) co_return before.error();
    const EnvironmentSettings old{env->name,   env->description,  env->is_protected,        env->position,
                                  env->colour, env->confirmation, env->is_comment_required, env->staging};
    const auto wanted = changed_environment(change_of(edit, present, env->key), env->position);
    if (!wanted) co_return wanted.error();
    if (*wanted == old) co_return edit.unchanged(present, http::content_etag(present));
    env->name = wanted->name;
    env->description = wanted->description;
    env->is_protected = wanted->is_protected;
    env->position = wanted->order;
    env->colour = wanted->colour;
    env->confirmation = wanted->confirmation;
    env->is_comment_required = wanted->is_comment_required;
    env->staging = wanted->staging;
    env->updated_at = call.now();
    co_await update_environment(edit.tx(), *env);
    const auto text = environment_text(*env);
    co_return edit.changed(audit::Action::environment_updated, std::move(*before), text, http::content_etag(text));
}

// PUT and PATCH.
http::Answer handle_change_environment(http::Call& call) { return http::edit_resource(call, change_environment); }

http::EditResult remove_environment(http::Edit& edit) {
    auto env = co_await lock_for_change(edit);
    if (!env) co_return env.error();
    if (auto ok = check_confirmation(edit.call(), env->key); !ok) co_return ok.error();
    const auto present = environment_text(*env);
    auto before = edit.match(http::content_etag(present), present, env->is_protected);
    if (!before) co_return before.error();
    co_await show_deleted(edit.tx());
    co_await delete_environment(edit.tx(), *env, edit.call().now());
    edit.set_preview({{"Deletes the environment with the configurations of all flags and segments, and its keys."}});
    co_return edit.deleted(audit::Action::environment_deleted, std::move(*before));
}

http::Answer handle_delete_environment(http::Call& call) { return http::edit_resource(call, remove_environment); }

http::EditResult bring_environment_back(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = read_nothing(edit.body()); !ok) co_return ok.error();
    const auto project = co_await lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto others = co_await list_environments(edit.tx(), project->project_id);
    co_await show_deleted(edit.tx());
    auto env =
        co_await lock_deleted_environment(edit.tx(), project->project_id, call.param("env"), restorable_since(call));
    if (!env) co_return http::not_found("deleted environment", "{env}");
    if (auto ok = require_if_protected(call, *env); !ok) co_return ok.error();
    if (others.size() >= most_environments) co_return too_many_environments();
    const auto present = environment_text(*env);
    auto before = edit.match(http::content_etag(present), present);
    if (!before) co_return before.error();
    co_await restore_environment(edit.tx(), env->env_id);
    auto room = co_await quotas::require_room(edit, quotas::Quota::environments, 0);
    if (!room) co_return room.error();
    auto refilled = co_await refill_environment(edit, *env);
    if (!refilled) co_return refilled.error();
    const auto now = co_await find_environment(edit.tx(), project->project_id, env->key);
    const auto text = environment_text(*now);
    auto outcome =
        restored(edit, audit::Action::environment_restored, std::move(*before), text, http::content_etag(text));
    http::add_warnings(outcome.response, refilled->warnings);
    outcome.more = std::move(refilled->records);
    if (!outcome.more.empty()) outcome.group = audit::new_entry_id();
    co_return outcome;
}

http::Answer handle_restore_environment(http::Call& call) { return http::edit_resource(call, bring_environment_back); }

using access::Permission;
using net::Method;

constexpr http::Route environment_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::read, handle_list_environments,
     "deleted"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::manage_environments,
     handle_create_environment, "dry_run"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::read, handle_get_environment},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::manage_environments,
     handle_change_environment, "dry_run"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::manage_environments,
     handle_change_environment, "dry_run"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::manage_environments,
     handle_delete_environment, "confirm dry_run"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/restore", Permission::manage_environments,
     handle_restore_environment},
};

}  // namespace

std::span<const http::Route> environment_routes() noexcept { return environment_table; }

}  // namespace fanion::cp::projects
