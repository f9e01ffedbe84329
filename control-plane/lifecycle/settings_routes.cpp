#include "control-plane/lifecycle/settings_routes.hpp"

#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/lifecycle/settings_store.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::lifecycle {
namespace {

http::Answer handle_get_settings(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto stored = co_await find_lifecycle_settings(tx, project->project_id);
    co_return http::resource_response(call, http::to_text(write_settings, stored), http::etag(stored.version));
}

http::EditResult change_settings(http::Edit& edit, Settings wanted) {
    auto& call = edit.call();
    auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    auto stored = co_await find_lifecycle_settings(edit.tx(), project->project_id);
    auto before = edit.match(http::etag(stored.version), http::to_text(write_settings, stored));
    if (!before) co_return before.error();
    if (stored.settings == wanted) co_return edit.unchanged(before->text(), http::etag(stored.version));
    stored.settings = wanted;
    stored.version += 1;
    stored.updated_at = call.now();
    co_await put_lifecycle_settings(edit.tx(), call.org.org_id, project->project_id, stored);
    co_return edit.changed(audit::Action::project_updated, std::move(*before), http::to_text(write_settings, stored),
                           http::etag(stored.version));
}

http::Answer handle_put_settings(http::Call& call) { return http::edit_resource(call, read_settings, change_settings); }

using access::Permission;
using net::Method;

constexpr http::Route settings_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/lifecycle/settings", Permission::read, handle_get_settings},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/lifecycle/settings", Permission::edit, handle_put_settings},
};

}  // namespace

std::span<const http::Route> lifecycle_settings_routes() noexcept { return settings_table; }

}  // namespace fanion::cp::lifecycle
