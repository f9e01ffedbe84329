#include "control-plane/roles/permission_routes.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/access/grants.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "control-plane/roles/role_json.hpp"

namespace fanion::cp::roles {
namespace {

struct ProjectPlaces {
    projects::Project project;
    std::vector<projects::Environment> environments;
};

std::vector<ProjectPlaces> join_places(std::vector<projects::Project> found,
                                       std::vector<projects::Environment> environments) {
    std::map<access::ProjectId, std::vector<projects::Environment>> by_project;
    for (auto& environment : environments) by_project[environment.project_id].push_back(std::move(environment));
    std::vector<ProjectPlaces> places;
    for (auto& project : found) {
        auto& inside = by_project[project.project_id];
        places.push_back({std::move(project), std::move(inside)});
    }
    return places;
}

void write_places(json::Writer& w, const http::Call& call, const ProjectPlaces& places) {
    const auto& grants = call.org.grants;
    const auto& project = places.project.key;
    w.begin_object().member("project", project).member("role", grants.role_at(project).key);
    write_permissions(w, call.permissions_at(project, {}));
    w.key("environments").begin_array();
    for (const auto& environment : places.environments) {
        const auto held = call.permissions_at(project, environment.key);
        if (!held.has(access::Permission::read)) continue;
        w.begin_object().member("environment", environment.key).member("protected", environment.is_protected);
        w.member("role", grants.role_at(project, environment.key).key);
        write_permissions(w, held);
        w.end_object();
    }
    w.end_array().end_object();
}

std::string permissions_text(const http::Call& call, const std::vector<ProjectPlaces>& places,
                             const std::optional<std::string>& next) {
    std::string text;
    json::Writer w(text);
    w.begin_object().member("role", call.org.grants.role().key);
    write_permissions(w, call.permissions);
    w.key("items").begin_array();
    for (const auto& each : places) write_places(w, call, each);
    w.end_array();
    http::write_next(w, next);
    w.end_object();
    return text;
}

// The projects and environments that the caller may read, as in their lists.
http::Answer handle_my_permissions(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto selected = call.readable_projects();
    auto found = co_await projects::list_projects(tx, call.org.org_id, selected, page->after, page->limit + 1);
    const auto next = http::end_page(found, *page, [](const projects::Project& project) { return project.key; });
    std::vector<access::ProjectId> ids;
    for (const auto& project : found) ids.push_back(project.project_id);
    auto environments = co_await projects::list_environments_of(tx, std::move(ids));
    const auto places = join_places(std::move(found), std::move(environments));
    auto text = permissions_text(call, places, next);
    auto tag = http::content_etag(text);
    co_return http::resource_response(call, std::move(text), std::move(tag));
}

using access::Permission;
using net::Method;

constexpr http::Route permission_table[] = {
    {Method::get, "/api/v1/orgs/{org}/me/permissions", Permission::member, handle_my_permissions, "limit cursor"},
};

}  // namespace

std::span<const http::Route> permission_routes() noexcept { return permission_table; }

}  // namespace fanion::cp::roles
