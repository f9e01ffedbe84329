#include "control-plane/api/lookups.hpp"

namespace fanion::api {

using boost::asio::awaitable;

awaitable<Result<store::Project>> the_project(Call& call, pg::Transaction& tx) {
    auto project = co_await store::find_project(tx, call.org.org_id, call.param("project"));
    if (!project) co_return not_found("project");
    co_return std::move(*project);
}

awaitable<Result<store::Project>> the_locked_project(Call& call, pg::Transaction& tx) {
    auto project = co_await store::lock_project(tx, call.org.org_id, call.param("project"));
    if (!project) co_return not_found("project");
    co_return std::move(*project);
}

awaitable<Result<store::Environment>> the_environment(Call& call, pg::Transaction& tx) {
    auto project = co_await the_project(call, tx);
    if (!project) co_return project.error();
    auto environment = co_await store::find_environment(tx, project->project_id, call.param("env"));
    if (!environment) co_return not_found("environment");
    co_return std::move(*environment);
}

awaitable<Result<store::LockedEnvironment>> the_locked_environment(Call& call, pg::Transaction& tx) {
    auto project = co_await the_project(call, tx);
    if (!project) co_return project.error();
    auto environment = co_await store::lock_environment(tx, project->project_id, call.param("env"));
    if (!environment) co_return not_found("environment");
    co_return std::move(*environment);
}

awaitable<Result<store::Flag>> the_flag(Call& call, pg::Transaction& tx, std::string project_id) {
    auto flag = co_await store::find_flag(tx, std::move(project_id), call.param("flag"));
    if (!flag || flag->is_deleted) co_return not_found("flag");
    co_return std::move(*flag);
}

awaitable<Result<store::Segment>> the_segment(Call& call, pg::Transaction& tx, std::string project_id) {
    auto segment = co_await store::find_segment(tx, std::move(project_id), call.param("segment"));
    if (!segment || segment->is_deleted) co_return not_found("segment");
    co_return std::move(*segment);
}

Result<> may_change(const Call& call, bool is_protected) {
    const auto needed = domain::to_change(is_protected);
    if (!call.may(needed)) return forbidden(needed);
    return boost::system::in_place_value;
}

}  // namespace fanion::api
