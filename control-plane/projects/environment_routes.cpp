#include "control-plane/projects/environment_routes.hpp"

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/segments/segment_store.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_environments = 50;  // in a project
constexpr std::size_t everything = 1'000'000;  // more than a project can hold

Result<NewEnvironment> read_new_environment(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    NewEnvironment made;
    made.key = body::read_key(r, "key");
    made.name = body::read_text(r, "name", 200, made.key);
    made.is_protected = r.boolean("protected", false);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return made;
}

awaitable<std::vector<wire::ItemChange>> add_flags(http::Call& call, db::Transaction& tx,
                                                   const LockedEnvironment& env) {
    flags::FlagPage all;
    all.limit = everything;
    const auto flags = co_await flags::list_flags(tx, env.project_id.str(), std::move(all));
    std::vector<wire::ItemChange> items;
    for (const auto& flag : flags) {
        flags::FlagEnvironment made{env.key, flags::default_config(flag.definition), 1, call.now()};
        co_await flags::put_flag_config(tx, env.org_id.str(), flag.flag_id, env.env_id.str(), made,
                                        call.principal.user_id.str());
        if (flag.definition.archived) continue;
        items.push_back(http::put_item(flags::item_key(flag.definition), flags::item_body(flag.definition, made)));
    }
    co_return items;
}

awaitable<std::vector<wire::ItemChange>> add_segments(http::Call& call, db::Transaction& tx,
                                                      const LockedEnvironment& env) {
    segments::SegmentPage all;
    all.limit = everything;
    const auto segments = co_await segments::list_segments(tx, env.project_id.str(), std::move(all));
    std::vector<wire::ItemChange> items;
    for (const auto& segment : segments) {
        segments::SegmentEnvironment made{env.key, {}, 1, call.now()};
        co_await segments::put_segment_config(tx, env.org_id.str(), segment.segment_id, env.env_id.str(), made,
                                              call.principal.user_id.str());
        items.push_back(
            http::put_item(segments::item_key(segment.definition), segments::item_body(segment.definition, made)));
    }
    co_return items;
}

awaitable<Result<>> fill_and_publish(http::Call& call, http::Edit& change, const LockedEnvironment& env) {
    auto items = co_await add_flags(call, change.tx(), env);
    auto segments = co_await add_segments(call, change.tx(), env);
    for (auto& item : segments) items.push_back(std::move(item));
    co_return co_await change.publish_all(env, std::move(items));
}

http::Answer handle_list_environments(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    const auto environments = co_await list_environments(tx, project->project_id);
    co_return net::json_response(http::list_text(write_environment, environments));
}

http::Answer handle_create_environment(http::Call& call) {
    auto given = read_new_environment(call);
    if (!given) co_return given.error();
    auto change = co_await http::Edit::begin(call);
    auto project = co_await lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto present = co_await list_environments(change.tx(), project->project_id);
    if (present.size() >= most_environments) {
        co_return http::conflict("", "limit", "a project has at most 50 environments");
    }
    for (const auto& env : present) {
        if (env.key == given->key) co_return http::conflict("/key", "taken", "there is an environment with this key");
    }
    auto env = co_await insert_environment(change.tx(), call.org.org_id, project->project_id, std::move(*given));
    auto published = co_await fill_and_publish(call, change, env);
    if (!published) co_return published.error();
    const auto made = co_await find_environment(change.tx(), project->project_id, env.key);
    auto body = http::to_text(write_environment, *made);
    change.set_audit_entry(audit::Action::environment_created, http::resource_of(call) + '/' + env.key, std::nullopt,
                           body);
    co_await change.commit();
    auto tag = http::content_etag(body);
    auto response = net::json_response(std::move(body), 201);
    response.set("Location", std::string(call.request.path) + '/' + env.key);
    response.set("ETag", std::move(tag));
    change.add_versions(response);
    co_return response;
}

http::Answer handle_get_environment(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto environment = co_await load_environment(call, tx);
    if (!environment) co_return environment.error();
    auto body = http::to_text(write_environment, *environment);
    auto tag = http::content_etag(body);
    co_return http::resource_response(call, std::move(body), std::move(tag));
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::read, handle_list_environments},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::administer,
     handle_create_environment},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::read, handle_get_environment},
};

}  // namespace

std::span<const http::Route> environment_routes() noexcept { return table; }

}  // namespace fanion::cp::projects
