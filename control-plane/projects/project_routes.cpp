#include "control-plane/projects/project_routes.hpp"

#include <string>
#include <utility>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/deletion.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/quotas/room.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

std::string project_text(const Project& project) { return http::to_text(write_project, project); }

awaitable<Result<>> insert_first_environments(http::Edit& edit, access::ProjectId project_id) {
    std::vector<NewEnvironment> first(3);
    first[0].key = "development";
    first[0].settings.name = "Development";
    first[1].key = "staging";
    first[1].settings.name = "Staging";
    first[2].key = "production";
    first[2].settings.name = "Production";
    first[2].settings.is_protected = true;
    auto room = co_await quotas::require_room(edit, quotas::Quota::environments, first.size());
    if (!room) co_return room.error();
    for (auto& made : first) {
        const auto env = co_await insert_environment(edit.tx(), edit.call().org.org_id, project_id, std::move(made));
        auto published = co_await edit.publish_all(*env, {});
        if (!published) co_return published;
    }
    co_return boost::system::in_place_value;
}

http::Answer handle_list_projects(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    const auto is_of_deleted = wants_deleted(call);
    if (!is_of_deleted) co_return is_of_deleted.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto readable = call.readable_projects();
    std::vector<Project> projects;
    if (*is_of_deleted) {
        co_await show_deleted(tx);
        projects = co_await list_deleted_projects(tx, call.org.org_id, readable, page->after, page->limit + 1,
                                                  restorable_since(call));
    } else {
        projects = co_await list_projects(tx, call.org.org_id, readable, page->after, page->limit + 1);
    }
    const auto next = http::end_page(projects, *page, [](const Project& project) { return project.key; });
    co_return net::json_response(http::list_text(write_project, projects, next));
}

http::EditResult create_project(http::Edit& edit, NewProject given) {
    const auto project = co_await insert_project(edit.tx(), edit.call().org.org_id, std::move(given));
    if (!project) co_return http::conflict("/key", "taken", "there is a project with this key, or a deleted one");
    auto filled = co_await insert_first_environments(edit, project->project_id);
    if (!filled) co_return filled.error();
    co_return edit.created(audit::Action::project_created, project->key, project_text(*project),
                           http::etag(project->version));
}

http::Answer handle_create_project(http::Call& call) {
    return http::edit_resource(call, read_new_project, create_project);
}

http::Answer handle_get_project(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    co_return http::resource_response(call, project_text(*project), http::etag(project->version));
}

http::EditResult change_project(http::Edit& edit) {
    auto& call = edit.call();
    auto project = co_await lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto present = project_text(*project);
    auto before = edit.match(http::etag(project->version), present);
    if (!before) co_return before.error();
    const bool is_patch = call.request.method == net::Method::patch;
    const auto wanted = changed_project({edit.body(), is_patch, present, project->key});
    if (!wanted) co_return wanted.error();
    if (*wanted == ProjectSettings{project->name, project->description}) {
        co_return edit.unchanged(present, http::etag(project->version));
    }
    project->name = wanted->name;
    project->description = wanted->description;
    project->version += 1;
    project->updated_at = call.now();
    co_await update_project(edit.tx(), *project);
    co_return edit.changed(audit::Action::project_updated, std::move(*before), project_text(*project),
                           http::etag(project->version));
}

// PUT and PATCH.
http::Answer handle_change_project(http::Call& call) { return http::edit_resource(call, change_project); }

http::EditResult remove_project(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = http::require_throughout(call, access::Permission::manage_projects); !ok) co_return ok.error();
    const auto project = co_await lock_project(call, edit.tx());
    if (!project) co_return project.error();
    if (auto ok = check_confirmation(call, project->key); !ok) co_return ok.error();
    auto before = edit.match(http::etag(project->version), project_text(*project));
    if (!before) co_return before.error();
    co_await lock_environments(edit.tx(), project->project_id);
    const auto contents = co_await contents_of_project(edit.tx(), project->project_id, call.now());
    edit.set_preview({{describe_deletion("project", contents)}});
    co_await show_deleted(edit.tx());
    co_await delete_project(edit.tx(), project->project_id, call.now());
    co_return edit.deleted(audit::Action::project_deleted, std::move(*before));
}

http::Answer handle_delete_project(http::Call& call) { return http::edit_resource(call, remove_project); }

http::EditResult bring_project_back(http::Edit& edit) {
    auto& call = edit.call();
    if (auto ok = read_nothing(edit.body()); !ok) co_return ok.error();
    if (auto ok = http::require_throughout(call, access::Permission::manage_projects); !ok) co_return ok.error();
    co_await show_deleted(edit.tx());
    auto project =
        co_await lock_deleted_project(edit.tx(), call.org.org_id, call.param("project"), restorable_since(call));
    if (!project) co_return http::not_found("deleted project", "{project}");
    auto before = edit.match(http::etag(project->version), project_text(*project));
    if (!before) co_return before.error();
    co_await restore_project(edit.tx(), project->project_id);
    for (const auto quota : {quotas::Quota::environments, quotas::Quota::flags, quotas::Quota::segments}) {
        auto room = co_await quotas::require_room(edit, quota, 0);
        if (!room) co_return room.error();
    }
    project->deleted_at.reset();
    co_return restored(edit, audit::Action::project_restored, std::move(*before), project_text(*project),
                       http::etag(project->version));
}

http::Answer handle_restore_project(http::Call& call) { return http::edit_resource(call, bring_project_back); }

using access::Permission;
using net::Method;

constexpr http::Route project_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects", Permission::member, handle_list_projects, "limit cursor deleted"},
    {Method::post, "/api/v1/orgs/{org}/projects", Permission::manage_projects, handle_create_project},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}", Permission::read, handle_get_project},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}", Permission::manage_projects, handle_change_project,
     "dry_run"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}", Permission::manage_projects, handle_change_project,
     "dry_run"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}", Permission::manage_projects, handle_delete_project,
     "confirm dry_run"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/restore", Permission::manage_projects,
     handle_restore_project},
};

}  // namespace

std::span<const http::Route> project_routes() noexcept { return project_table; }

}  // namespace fanion::cp::projects
