#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::projects {

using boost::asio::awaitable;

awaitable<Result<Project>> load_project(http::Call& call, db::Transaction& tx) {
    auto project = co_await find_project(tx, call.org.org_id, call.param("project"));
    if (!project) co_return http::not_found("project", "{project}");
    co_return std::move(*project);
}

awaitable<Result<Project>> lock_project(http::Call& call, db::Transaction& tx) {
    auto project = co_await lock_project(tx, call.org.org_id, call.param("project"));
    if (!project) co_return http::not_found("project", "{project}");
    co_return std::move(*project);
}

awaitable<Result<Environment>> load_environment(http::Call& call, db::Transaction& tx) {
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    auto environment = co_await find_environment(tx, project->project_id, call.param("env"));
    if (!environment) co_return http::not_found("environment", "{env}");
    co_return std::move(*environment);
}

awaitable<Result<LockedEnvironment>> lock_environment(http::Call& call, db::Transaction& tx) {
    auto environment = co_await lock_environment_at(tx, call.org.org_id, call.param("project"), call.param("env"));
    if (environment) co_return std::move(*environment);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    co_return http::not_found("environment", "{env}");
}

awaitable<std::vector<Environment>> list_readable_environments(const http::Call& call, db::Transaction& tx,
                                                               access::ProjectId project_id) {
    auto environments = co_await list_environments(tx, std::move(project_id));
    std::erase_if(environments, [&](const Environment& environment) { return !call.may_read_in(environment.key); });
    co_return environments;
}

Result<> require_edit_permission(const http::Call& call, bool is_protected) {
    return http::require_permission(call, http::permission_to_edit(call, is_protected));
}

}  // namespace fanion::cp::projects
