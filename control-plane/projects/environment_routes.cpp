#include "control-plane/projects/environment_routes.hpp"

#include <algorithm>
#include <iterator>

#include "common/json/reader.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/projects/project_json.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::projects {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_environments = 50;  // in a project
constexpr std::size_t page_limit = 200;

Result<NewEnvironment> read_new_environment(json::Value body) {
    return body::read_object(body, [](json::Reader& r, std::vector<Finding>&) {
        NewEnvironment made;
        made.key = body::read_key(r, "key");
        made.name = body::read_text(r, "name", 200, made.key);
        made.is_protected = r.boolean("protected", false);
        return made;
    });
}

// Stores the configuration of a new environment for some flags, or segments, of its project.
template <class Kind>
awaitable<void> configure(http::Edit& edit, const Kind& kind, const LockedEnvironment& env,
                          const std::vector<typename Kind::Row>& rows, std::vector<wire::ItemChange>& changes) {
    for (const auto& row : rows) {
        const auto config = default_config(row.definition, env.key, edit.call().now());
        co_await kind.put_config(edit.tx(), row, env, config, edit.call().principal.actor_id());
        if (!is_in_ruleset(row.definition)) continue;
        changes.push_back(http::put_item(item_key(row.definition), item_body(row.definition, config)));
    }
}

// The same for all of them, page by page.
template <class Kind>
awaitable<std::vector<wire::ItemChange>> configure_all(http::Edit& edit, const Kind& kind,
                                                       const LockedEnvironment& env) {
    std::vector<wire::ItemChange> changes;
    items::ItemPage page;
    page.limit = page_limit;
    for (bool has_more = true; has_more;) {
        auto found = co_await kind.list(edit.tx(), env.project_id, page);
        co_await configure(edit, kind, env, found.rows, changes);
        has_more = found.has_more;
        if (has_more) page.after = found.rows.back().definition.key;
    }
    co_return changes;
}

awaitable<Result<>> configure_and_publish(http::Edit& edit, const LockedEnvironment& env) {
    auto changes = co_await configure_all(edit, flags::flag_kind, env);
    auto segments = co_await configure_all(edit, segments::segment_kind, env);
    std::move(segments.begin(), segments.end(), std::back_inserter(changes));
    co_return co_await edit.publish_all(env, std::move(changes));
}

http::Answer handle_list_environments(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await load_project(call, tx);
    if (!project) co_return project.error();
    const auto environments = co_await list_readable_environments(call, tx, project->project_id);
    co_return net::json_response(http::list_text(write_environment, environments));
}

http::EditResult create_environment(http::Edit& edit, NewEnvironment given) {
    auto project = co_await lock_project(edit.call(), edit.tx());
    if (!project) co_return project.error();
    const auto present = co_await list_environments(edit.tx(), project->project_id);
    if (present.size() >= most_environments) {
        co_return http::conflict("", "limit", "a project has at most 50 environments");
    }
    for (const auto& env : present) {
        if (env.key == given.key) co_return http::conflict("/key", "taken", "there is an environment with this key");
    }
    const auto& org_id = edit.call().org.org_id;
    const auto env = co_await insert_environment(edit.tx(), org_id, project->project_id, std::move(given));
    auto published = co_await configure_and_publish(edit, env);
    if (!published) co_return published.error();
    const auto made = co_await find_environment(edit.tx(), project->project_id, env.key);
    const auto text = http::to_text(write_environment, *made);
    co_return edit.created(audit::Action::environment_created, env.key, text, http::content_etag(text));
}

http::Answer handle_create_environment(http::Call& call) {
    return http::edit_resource(call, read_new_environment, create_environment);
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

constexpr http::Route environment_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::read, handle_list_environments},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments", Permission::manage_environments,
     handle_create_environment},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}", Permission::read, handle_get_environment},
};

}  // namespace

std::span<const http::Route> environment_routes() noexcept { return environment_table; }

}  // namespace fanion::cp::projects
