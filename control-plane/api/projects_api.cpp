// Projects. A new one has three environments, the last protected.

#include "common/json/reader.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/api/views.hpp"
#include "control-plane/domain/fields.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

struct Named {
    std::string key;
    std::string name;
};

Result<Named> read_named(Call& call) {
    auto body = read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    Named named;
    named.key = domain::read_key(r, "key");
    named.name = domain::read_text(r, "name", 200, named.key);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = domain::outcome(std::move(findings)); !ok) return ok.error();
    return named;
}

awaitable<Result<store::Project>> insert_project(Call& call, pg::Transaction& tx, Named named) {
    std::optional<store::Project> project;
    try {
        project = co_await store::insert_project(tx, call.org.org_id, named.key, named.name);
    } catch (const pg::PgError& error) {
        if (!error.is_unique_violation()) throw;
    }
    if (!project) co_return conflict("/key", "taken", "there is a project with this key");
    co_return std::move(*project);
}

awaitable<Result<>> insert_first_environments(Call& call, Change& change, std::string project_id) {
    std::vector<store::NewEnvironment> first;
    first.push_back({"development", "Development", false});
    first.push_back({"staging", "Staging", false});
    first.push_back({"production", "Production", true});
    for (auto& made : first) {
        const auto env = co_await store::insert_environment(change.tx(), call.org.org_id, project_id, std::move(made));
        auto published = co_await change.publish_all(env, {});
        if (!published) co_return published;
    }
    co_return boost::system::in_place_value;
}

}  // namespace

Answer handle_list_projects(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    const auto projects = co_await store::list_projects(tx, call.org.org_id);
    co_return net::json_response(list_text(write_project, projects));
}

Answer handle_create_project(Call& call) {
    auto named = read_named(call);
    if (!named) co_return problem(call, named.error());
    auto change = co_await Change::begin(call);
    auto project = co_await insert_project(call, change.tx(), std::move(*named));
    if (!project) co_return problem(call, project.error());
    auto filled = co_await insert_first_environments(call, change, project->project_id);
    if (!filled) co_return problem(call, filled.error());
    auto body = to_text(write_project, *project);
    change.describe("project.created", resource_of(call) + '/' + project->key, std::nullopt, body);
    co_await change.commit();
    auto response = net::json_response(std::move(body), 201);
    response.set("Location", std::string(call.request.path) + '/' + project->key);
    response.set("ETag", etag(project->version));
    change.add_versions(response);
    co_return response;
}

Answer handle_get_project(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    co_return resource_response(call, to_text(write_project, *project), etag(project->version));
}

}  // namespace fanion::api
