#include "control-plane/projects/project_routes.hpp"

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/quotas/room.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

awaitable<Result<Project>> add_project(http::Call& call, db::Transaction& tx, Named named) {
    std::optional<Project> project;
    try {
        project = co_await insert_project(tx, call.org.org_id, named.key, named.name);
    } catch (const db::PgError& error) {
        if (!error.is_unique_violation()) throw;
    }
    if (!project) co_return http::conflict("/key", "taken", "there is a project with this key");
    co_return std::move(*project);
}

awaitable<Result<>> insert_first_environments(http::Edit& edit, access::ProjectId project_id) {
    std::vector<NewEnvironment> first;
    first.push_back({"development", "Development", false});
    first.push_back({"staging", "Staging", false});
    first.push_back({"production", "Production", true});
    auto room = co_await quotas::require_room(edit, quotas::Quota::environments, first.size());
    if (!room) co_return room.error();
    for (auto& made : first) {
        const auto env = co_await insert_environment(edit.tx(), edit.call().org.org_id, project_id, std::move(made));
        auto published = co_await edit.publish_all(env, {});
        if (!published) co_return published;
    }
    co_return boost::system::in_place_value;
}

http::Answer handle_list_projects(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto readable = call.readable_projects();
    auto projects = co_await list_projects(tx, call.org.org_id, readable, page->after, page->limit + 1);
    const auto next = http::end_page(projects, *page, [](const Project& project) { return project.key; });
    co_return net::json_response(http::list_text(write_project, projects, next));
}

http::EditResult create_project(http::Edit& edit, Named named) {
    auto project = co_await add_project(edit.call(), edit.tx(), std::move(named));
    if (!project) co_return project.error();
    auto filled = co_await insert_first_environments(edit, project->project_id);
    if (!filled) co_return filled.error();
    co_return edit.created(audit::Action::project_created, project->key, http::to_text(write_project, *project),
                           http::etag(project->version));
}

http::Answer handle_create_project(http::Call& call) { return http::edit_resource(call, read_named, create_project); }

http::Answer handle_get_project(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    co_return http::resource_response(call, http::to_text(write_project, *project), http::etag(project->version));
}

using access::Permission;
using net::Method;

constexpr http::Route project_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects", Permission::member, handle_list_projects, "limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects", Permission::manage_projects, handle_create_project},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}", Permission::read, handle_get_project},
};

}  // namespace

std::span<const http::Route> project_routes() noexcept { return project_table; }

}  // namespace fanion::cp::projects
